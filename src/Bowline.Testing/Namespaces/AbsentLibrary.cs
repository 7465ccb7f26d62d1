namespace Bowline.Testing.Namespaces;

/// <summary>A machine without a native library: a mount namespace where an empty file lies over it, for one process and what it starts.</summary>
public static class AbsentLibrary
{
    /// <summary>What a command begins with so that it does not find a library.</summary>
    /// <param name="name">The beginning of its file's name, such as libusrsctp.so.</param>
    public static string[] Prefix(string name)
    {
        string[] user = Environment.IsPrivilegedProcess ? [] : ["--user", "--map-root-user"];
        return ["unshare", .. user, "--mount", "sh", "-ec", "for f in /usr/lib/*/\"$0\"*; do mount --bind /dev/null \"$f\"; done; exec \"$@\"", name];
    }
}
