using System.Reflection;
using System.Runtime.InteropServices;

namespace Bowline.Core.Native;

/// <summary>Libraries that the system has installed, found under the names that its distributions give them.</summary>
public static class SystemLibrary
{
    /// <summary>Tells an assembly where its imports from a library are; call it once per assembly, in a module initializer.</summary>
    /// <param name="assembly">The assembly that has the imports.</param>
    /// <param name="library">The name in its imports.</param>
    /// <param name="names">Names of the file, tried in order.</param>
    /// <param name="missing">What to tell a person when there is none of them: the library and the package to install.</param>
    public static void Register(Assembly assembly, string library, IReadOnlyList<string> names, string missing) =>
        Register(assembly, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [library] = names }, missing);

    /// <summary>The same for an assembly that imports from several libraries, which it cannot do without.</summary>
    /// <param name="assembly">The assembly that has the imports.</param>
    /// <param name="libraries">For each name in its imports the names of the file, tried in order.</param>
    /// <param name="missing">What to tell a person when one is missing: the libraries and the packages to install.</param>
    public static void Register(Assembly assembly, IReadOnlyDictionary<string, IReadOnlyList<string>> libraries, string missing) =>
        NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => libraries.TryGetValue(name, out var names) ? Load(names, missing) : 0);

    /// <summary>Whether a file of one of these names can be loaded.</summary>
    /// <param name="names">Names of the file, tried in order.</param>
    /// <returns>True when there is one.</returns>
    public static bool Exists(IReadOnlyList<string> names) => names.Any(static name => NativeLibrary.TryLoad(name, out _));

    internal static nint Load(IReadOnlyList<string> names, string missing)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException(missing);
    }
}
