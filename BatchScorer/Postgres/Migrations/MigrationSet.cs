using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using BatchScorer.Errors;

namespace BatchScorer.Postgres.Migrations;

/// <summary>All the migrations that a program knows, in order.</summary>
internal sealed partial class MigrationSet
{
    private const string ResourceFolder = "migrations/";

    private MigrationSet(ImmutableArray<Migration> migrations) => Migrations = migrations;

    /// <summary>Those of <c>sql/migrations/</c> that are built into this program.</summary>
    public static MigrationSet Embedded { get; } = FromResources();

    /// <summary>Numbered from 1 on.</summary>
    public ImmutableArray<Migration> Migrations { get; }

    /// <summary>Puts files in order.</summary>
    /// <param name="files">Each file's name, <c>NNNN_name.sql</c>, and its text.</param>
    /// <exception cref="BatchScorerException">A name is not of that form, or the numbers are not 1, 2, 3 and so on.</exception>
    public static MigrationSet From(IEnumerable<(string FileName, string Sql)> files)
    {
        var migrations = files.Select(file => Parse(file.FileName, file.Sql)).OrderBy(migration => migration.Number).ToImmutableArray();
        for (var i = 0; i < migrations.Length; i++)
        {
            if (i > 0 && migrations[i].Number == migrations[i - 1].Number)
                throw Invalid($"The migrations {migrations[i - 1]} and {migrations[i]} have the same number: renumber the newer one.");
            if (migrations[i].Number != i + 1)
                throw Invalid($"The migration {migrations[i]} comes where number {i + 1:0000} was expected: numbers start at 0001 and have no gaps.");
        }

        return new MigrationSet(migrations);
    }

    private static MigrationSet FromResources()
    {
        var assembly = typeof(MigrationSet).Assembly;
        return From(
            from resource in assembly.GetManifestResourceNames()
            where resource.StartsWith(ResourceFolder, StringComparison.Ordinal)
            select (resource[ResourceFolder.Length..], Read(resource)));

        string Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            return reader.ReadToEnd();
        }
    }

    private static Migration Parse(string fileName, string sql) => FileName().Match(fileName) is { Success: true } match
        ? new(int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["name"].Value, sql)
        : throw Invalid($"\"{fileName}\" is not the name of a migration, expected one such as 0007_rejected_rows.sql.");

    private static BatchScorerException Invalid(string message) => new(ExitCode.BadConfiguration, message);

    [GeneratedRegex(@"^(?<number>\d{4})_(?<name>[a-z0-9_]+)\.sql$")]
    private static partial Regex FileName();
}
