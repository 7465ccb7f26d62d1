using Bowline.Core.Files;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;

namespace Bowline.Hub.NatsServer;

/// <summary>The two files with which a hub may change an account of a cluster. They are the keys to everything in it, so others must not read them.</summary>
internal sealed class ClusterFiles(HubNatsOptions options)
{
    /// <exception cref="HubException">The file is unusable.</exception>
    public NatsCreds SystemCreds() => Read("--nats-system-creds", options.SystemCredsFile!, "no credentials file", NatsCreds.Parse);

    /// <exception cref="HubException">The file is unusable.</exception>
    public NKeyPair SigningKey() => Read(
        "--nats-operator-signing-key", options.OperatorSigningKeyFile!, "no file with an operator's signing seed (SO...)", text => NKeyPair.FromSeed(text.Trim(), NKeyType.Operator));

    private static T Read<T>(string option, string file, string what, Func<string, T> parse)
    {
        try
        {
            return SecretFile.TryReadText(file, out var text) ? parse(text) : throw new HubException(HubError.OptionsInvalid, $"{option}: {file} does not exist.");
        }
        catch (InvalidDataException e)
        {
            throw new HubException(HubError.OptionsInvalid, $"{option}: {e.Message}", e);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new HubException(HubError.OptionsInvalid, $"{option}: {file} is {what}: {e.Message}", e);
        }
    }
}
