using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Bowline.Hub.Store;

/// <summary>Applies the numbered scripts of <c>Store/Migrations</c> in order; <c>user_version</c> holds the last one applied.</summary>
internal static class Migrator
{
    /// <summary>The highest script number in this build.</summary>
    public static int Latest => Scripts().Last().Number;

    /// <summary>Brings the schema up to date.</summary>
    /// <exception cref="HubException">The database was written by a newer version.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        var current = Convert.ToInt32(connection.QuerySingle("PRAGMA user_version", r => r.GetInt64(0)), CultureInfo.InvariantCulture);
        if (current > Latest)
        {
            throw new HubException(HubError.DatabaseUnusable, $"The database has schema {current}, but this bowline knows only {Latest}. Run the newer bowline that wrote it.");
        }

        foreach (var (number, name) in Scripts().Where(s => s.Number > current))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Text(name));
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"));
            transaction.Commit();
        }
    }

    private static IEnumerable<(int Number, string Name)> Scripts() =>
        typeof(Migrator).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("migrations/", StringComparison.Ordinal))
            .Select(n => (int.Parse(n.AsSpan("migrations/".Length, 4), CultureInfo.InvariantCulture), n))
            .OrderBy(s => s.Item1);

    private static string Text(string resource)
    {
        using var stream = typeof(Migrator).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
