using System.Text;

namespace Bowline.Nats.Tests.Protocol;

public sealed class SubjectRulesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a.b.c")]
    [InlineData("$JS.API.INFO")]
    [InlineData("a*b.c>d")]
    [InlineData("ü.b")]
    public void Proper_subjects_can_be_published_on(string subject)
    {
        SubjectRules.CheckPublish(subject);
        SubjectRules.CheckPublish(Encoding.UTF8.GetBytes(subject));
        Assert.True(SubjectRules.IsValid(subject, wildcards: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\r\nPUB b 0\r\n\r\n")]
    [InlineData("a\0")]
    [InlineData("a.*")]
    [InlineData("*")]
    [InlineData(">")]
    [InlineData("a.>")]
    public void Improper_subjects_cannot(string subject)
    {
        Assert.Throws<ArgumentException>(() => SubjectRules.CheckPublish(subject));
        Assert.Throws<ArgumentException>(() => SubjectRules.CheckPublish(Encoding.UTF8.GetBytes(subject)));
    }

    [Theory]
    [InlineData("a.*", true)]
    [InlineData("a.>", true)]
    [InlineData(">", true)]
    [InlineData("a.>.b", false)]
    [InlineData("a..*", false)]
    [InlineData("a *", false)]
    public void Wildcards_are_for_subscriptions(string subject, bool valid) =>
        Assert.Equal(valid, SubjectRules.IsValid(subject, wildcards: true));
}
