using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Bowline.Cli.Tests.Support;

namespace Bowline.Cli.Tests;

/// <summary>What people get wrong: each is said with what, why and the next command.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("from 6 to 86400, and '1' is none", "hub", "--session-life", "1")]
    [InlineData("from 6 to 86400, and 'soon' is none", "hub", "--session-life", "soon")]
    [InlineData("from 0 to 65535, and '70000' is none", "hub", "--content-port", "70000")]
    [InlineData("'nonsense' is no http:// or https:// address", "hub", "--otlp", "nonsense")]
    [InlineData("'nonsense' is no IP address", "hub", "--trusted-proxy", "nonsense")]
    [InlineData("without scheme and port", "hub", "--allowed-host", "https://hub.example.org")]
    [InlineData("--cert-key needs --cert", "hub", "--cert-key", "/dev/null")]
    [InlineData("--nats-public-url is given with --nats", "hub", "--nats-public-url", "nats://127.0.0.1:1")]
    [InlineData("--nats-link-creds is given with --nats", "hub", "--nats-link-creds", "/dev/null")]
    [InlineData("nats://", "hub", "--nats", "nats://127.0.0.1:1", "--nats-public-url", "nonsense", "--nats-hub-creds", "x", "--nats-link-creds", "x", "--nats-link-signing-key", "x")]
    public async Task A_hub_option_without_a_use_exits_2(string why, params string[] arguments) =>
        (await _home.RunAsync(arguments)).AssertFailed(2, why, "bowline hub --help");

    [Fact]
    public async Task A_negative_count_is_refused_before_anybody_is_asked() =>
        (await _home.RunAsync("ping", "desk", "-c", "-3")).AssertFailed(2, "from 0 on, and '-3' is none", "bowline ping --help");

    [Theory]
    [InlineData("hub")]
    [InlineData("up")]
    [InlineData("node", "run")]
    public async Task A_home_that_is_a_file_is_named(params string[] command)
    {
        var file = Path.Combine(_home.Path, "file");
        await File.WriteAllTextAsync(file, "not a folder");
        var run = await CliRun.RunAsync(file, null, command);
        run.AssertFailed(1, file, "bowline");
        Assert.Contains("cannot be used", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_sees_a_home_that_is_a_file_and_one_that_nobody_can_write()
    {
        var file = Path.Combine(_home.Path, "file");
        await File.WriteAllTextAsync(file, "not a folder");
        Assert.Contains("a part of it is a file", await FolderAsync(file), StringComparison.Ordinal);
        Assert.Contains("a part of it is a file", await FolderAsync(Path.Combine(file, "home")), StringComparison.Ordinal);
        Assert.Contains("cannot write to /proc", await FolderAsync("/proc/home"), StringComparison.Ordinal);
        Assert.Contains("will be made", await FolderAsync(Path.Combine(_home.Path, "later")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_is_named() =>
        (await CliRun.RunAsync("/proc/home", null, "hub")).AssertFailed(1, "The data folder /proc/home/hub cannot be used", "BOWLINE_HOME=FOLDER bowline hub");

    [Fact]
    public async Task A_token_file_that_is_missing_or_a_folder_is_named()
    {
        (await _home.RunAsync("links", "--token-file", "/nonexistent")).AssertFailed(2, "/nonexistent does not exist", "hub/cli.token");
        (await _home.RunAsync("links", "--token-file", _home.Path)).AssertFailed(2, $"{_home.Path} is a folder", "hub/cli.token");
    }

    [Fact]
    public async Task Variables_that_are_no_address_are_named()
    {
        (await CliRun.RunWithAsync(_home.Path, "BOWLINE_HUB", "nonsense", "links")).AssertFailed(2, "'nonsense' is no http:// or https:// address", "BOWLINE_HUB");
        (await CliRun.RunWithAsync(_home.Path, "OTEL_EXPORTER_OTLP_ENDPOINT", "nonsense", "hub", "--listen", "0")).AssertFailed(2, "'nonsense' is no http:// or https:// address", "unset OTEL_EXPORTER_OTLP_ENDPOINT");
    }

    [Fact]
    public async Task Doctor_finds_nats_server_where_the_hub_does_without_a_path()
    {
        var run = await CliRun.RunWithAsync(_home.Path, "PATH", "", "doctor", "--json", "--hub", "http://127.0.0.1:1");
        var finding = Assert.Single(JsonNode.Parse(run.Out)!.AsArray(), found => found!["check"]!.GetValue<string>() == "nats-server")!;
        Assert.Equal("Ok", finding["state"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("missing", "there is no file")]
    [InlineData("missing key", "--cert-key: there is no file")]
    [InlineData("open key", "chmod 600")]
    [InlineData("open key in the certificate", "chmod 600")]
    [InlineData("password", "is encrypted")]
    [InlineData("other key", "cannot be used")]
    [InlineData("nonsense", "cannot be used")]
    public async Task A_certificate_or_key_that_cannot_be_used_is_named(string mistake, string why)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=hub", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var (pem, seed) = (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const UnixFileMode Open = Closed | UnixFileMode.OtherRead;
        string[] arguments = mistake switch
        {
            "missing" => ["--cert", "/nonexistent"],
            "missing key" => ["--cert", Write("hub.pem", pem, Open), "--cert-key", "/nonexistent"],
            "open key" => ["--cert", Write("hub.pem", pem, Open), "--cert-key", Write("hub.key", seed, Open)],
            "open key in the certificate" => ["--cert", Write("hub.pem", pem + "\n" + seed, Open)],
            "password" => ["--cert", Write("hub.pem", pem, Open), "--cert-key", Write("hub.key", key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)), Closed)],
            "other key" => ["--cert", Write("hub.pem", pem, Open), "--cert-key", Write("hub.key", other.ExportPkcs8PrivateKeyPem(), Closed)],
            _ => ["--cert", Write("hub.pem", "nonsense", Open), "--cert-key", Write("hub.key", seed, Closed)],
        };
        (await _home.RunAsync(["hub", "--listen", "0", .. arguments])).AssertFailed(1, why, "bowline hub --help");
    }

    private static async Task<string> FolderAsync(string home)
    {
        var run = await CliRun.RunAsync(home, null, "doctor", "--json", "--hub", "http://127.0.0.1:1");
        return JsonNode.Parse(run.Out)!.AsArray().Single(found => found!["check"]!.GetValue<string>() == "data folder")!["text"]!.GetValue<string>();
    }

    private string Write(string name, string text, UnixFileMode mode)
    {
        var path = Path.Combine(_home.Path, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
