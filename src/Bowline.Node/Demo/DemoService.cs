namespace Bowline.Node.Demo;
internal static class DemoService
{
    public const string Name = "demo";
}
