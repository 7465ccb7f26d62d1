using Bowline.Core.Files;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;

namespace Bowline.Hub.NatsServer;

/// <summary>
/// The files that open a cluster to a hub. Each is read when it is needed, so that an exchanged one is taken up, and refused when others may read it.
/// </summary>
internal sealed class ClusterFiles(HubNatsOptions options)
{
    private const string NoCreds = "no credentials file";

    /// <summary>A user of the hub's account.</summary>
    /// <exception cref="HubException">The file is unusable.</exception>
    public NatsCreds HubCreds() => Read("--nats-hub-creds", options.HubCredsFile, NoCreds, NatsCreds.Parse);

    /// <summary>A user of the links' account.</summary>
    /// <exception cref="HubException">The file is unusable.</exception>
    public NatsCreds LinkCreds() => Read("--nats-link-creds", options.LinkCredsFile, NoCreds, NatsCreds.Parse);

    /// <summary>Signs the nodes' users.</summary>
    /// <exception cref="HubException">The file is unusable.</exception>
    public NKeyPair LinkSigningKey() => Read(
        "--nats-link-signing-key", options.LinkSigningKeyFile, "no file with an account's signing seed (SA...)", text => NKeyPair.FromSeed(text.Trim(), NKeyType.Account));

    /// <summary>A user of the system account.</summary>
    /// <exception cref="HubException">The file is unusable.</exception>
    public NatsCreds SystemCreds() => Read("--nats-system-creds", options.SystemCredsFile!, NoCreds, NatsCreds.Parse);

    /// <summary>Signs a changed account.</summary>
    /// <exception cref="HubException">The file is unusable.</exception>
    public NKeyPair OperatorSigningKey() => Read(
        "--nats-operator-signing-key", options.OperatorSigningKeyFile!, "no file with an operator's signing seed (SO...)", text => NKeyPair.FromSeed(text.Trim(), NKeyType.Operator));

    private static T Read<T>(string option, string file, string what, Func<string, T> parse)
    {
        try
        {
            return SecretFile.TryReadText(file, out var text) ? parse(text) : throw new HubException(HubError.OptionsInvalid, $"{option}: there is no file {file}.");
        }
        catch (InvalidDataException e)
        {
            throw new HubException(HubError.OptionsInvalid, $"{option}: {e.Message}", e);
        }
        catch (FormatException e)
        {
            throw new HubException(HubError.OptionsInvalid, $"{option}: {file} is {what}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException(HubError.OptionsInvalid, $"{option}: {file} cannot be read: {e.Message}", e);
        }
    }
}
