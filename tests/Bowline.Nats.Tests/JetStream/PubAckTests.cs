using System.Text;
using System.Text.Json;
using Bowline.Nats.JetStream;
using Bowline.Testing.Fuzzing;

namespace Bowline.Nats.Tests.JetStream;

public sealed class PubAckTests
{
    [Theory]
    [InlineData("""{"stream":"EVT", "seq":7}""", 7UL, false)]
    [InlineData("""{"stream":"EVT","domain":"d","seq":7,"duplicate": true}""", 7UL, true)]
    [InlineData("""{"val":{"a":[1,{"b":2}]},"stream":"EVT","seq":18446744073709551615}""", ulong.MaxValue, false)]
    public void Confirmations_are_read(string json, ulong sequence, bool duplicate) =>
        Assert.Equal((sequence, duplicate, null), PubAck.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Errors_become_typed_exceptions()
    {
        var wrong = PubAck.Read("""{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 2"},"stream":"EVT","seq":0}"""u8).Error;
        Assert.Equal("wrong last sequence: 2", Assert.IsType<NatsJSWrongLastSequenceException>(wrong).Error.Description);
        Assert.IsType<NatsJSApiException>(PubAck.Read("""{"stream":"EVT","error":{"code":503,"err_code":10077}}"""u8).Error);
    }

    [Fact]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void Everything_else_is_an_error_and_never_an_exception()
    {
        var random = FuzzRun.Random(20260104);
        var valid = """{"error":null,"stream":"EVT","seq":12,"duplicate":false,"x":{"y":[1,2]}}"""u8.ToArray();
        string[] known = ["", "null", "[]", "1", "{}", "{\"seq\":1}", "{\"stream\":\"E\"}", "{\"stream\":\"E\",\"seq\":\"1\"}", "{\"stream\":\"E\",\"seq\":-1}", "{\"stream\":\"E\",\"seq\":1,\"duplicate\":3}", "{\"error\":1}"];
        foreach (var text in known)
        {
            Assert.NotNull(PubAck.Read(Encoding.UTF8.GetBytes(text)).Error);
        }

        for (var round = 0; round < FuzzRun.Rounds(20_000); round++)
        {
            var bytes = valid.ToArray();
            for (var edits = random.Next(1, 5); edits > 0; edits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var (sequence, _, error) = PubAck.Read(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            Assert.True(error is not null || sequence > 0);
        }
    }

    [Fact]
    public void The_echo_of_a_configuration_is_compared_deeply_and_empty_settings_are_not_asked()
    {
        static void Check(string asked, string given)
        {
            using var a = JsonDocument.Parse(asked);
            using var b = JsonDocument.Parse(given);
            ConfigEcho.Check(a.RootElement, b.RootElement);
        }

        Check("""{"a":1,"b":"x","c":[1],"d":false,"e":0,"f":[],"g":{},"h":-1,"i":""}""", """{"a":1,"b":"x","c":[1],"more":1}""");
        Check("""{"m":{"k":"v"}}""", """{"m":{"k":"v","_nats.level":"1"}}""");
        Check("""{"t":"2026-01-01T00:00:00+00:00"}""", """{"t":"2026-01-01T00:00:00Z"}""");
        Check("""{"backoff":[5],"ack_wait":9}""", """{"backoff":[5],"ack_wait":5}""");
        Assert.Equal("m.k", Assert.Throws<NatsJSConfigNotAppliedException>(() => Check("""{"m":{"k":"v"}}""", """{"m":{"k":"w"}}""")).Field);
        Assert.Equal("\"old\"", Assert.Throws<NatsJSConfigNotAppliedException>(() => Check("""{"d":"new"}""", """{"d":"old"}""")).Given);
    }
}
