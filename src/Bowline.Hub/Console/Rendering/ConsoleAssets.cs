using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Bowline.Hub.Console.Rendering;

/// <summary>The console's style and scripts, embedded in the assembly: the hub needs no folder beside it.</summary>
internal static class ConsoleAssets
{
    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, Asset> All = Load();

    public static void MapConsoleAssets(this IEndpointRouteBuilder routes) => routes.MapGet("/assets/{**path}", (string path, HttpContext context) =>
    {
        if (!All.TryGetValue(path, out var asset))
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(asset.Content, asset.ContentType, entityTag: asset.Tag);
    }).AllowAnonymous(); // The login page needs them before anybody is signed in.

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(ConsoleAssets).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                var type = name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
                return new Asset(content, type, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..8])}\""));
            });
    }

    private sealed record Asset(byte[] Content, string ContentType, EntityTagHeaderValue Tag);
}
