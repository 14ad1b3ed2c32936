using BatchScorer.Errors;
using BatchScorer.Postgres;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace BatchScorer.Cli.Hosting;

/// <summary>The connection string, and the password that may be in a file of its own.</summary>
internal static class ConnectionSetting
{
    public const string Path = "ConnectionStrings:BatchScorer";

    public const string PasswordFile = $"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.PasswordFile)}";

    /// <summary>The connection string with its password; null where none is configured.</summary>
    /// <exception cref="BatchScorerException">It is none, or the file with the password cannot be read.</exception>
    public static string? Find(IConfiguration settings, string contentFolder)
    {
        if (settings[Path] is not { Length: > 0 } text)
            return null;
        if (settings[PasswordFile] is not { Length: > 0 } file)
            return text;

        // Checks the text with messages that do not quote it.
        _ = DataSources.Parse(text);
        return new NpgsqlConnectionStringBuilder(text) { Password = ReadPassword(System.IO.Path.GetFullPath(file, contentFolder)) }.ConnectionString;
    }

    /// <inheritdoc cref="Find"/>
    public static string Require(IConfiguration settings, string contentFolder) =>
        Find(settings, contentFolder) ?? throw new BatchScorerException(
            ExitCode.BadConfiguration,
            $"No database is configured: {Path} is empty{Alternatives(settings)}. Set it in appsettings.json, or in the environment as "
            + $"{ProgramEnvironment.VariableOf(Path)}='Host=db.example.org;Database=scores;Username=runner'. "
            + "Just to look around, `batchscorer demo` brings a database of its own.");

    private static string Alternatives(IConfiguration settings)
    {
        var others = settings.GetSection("ConnectionStrings").GetChildren().Select(child => child.Key).Where(name => name != "BatchScorer").ToList();
        return others.Count == 0 ? "" : $", though ConnectionStrings has {string.Join(", ", others)}";
    }

    private static string ReadPassword(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BatchScorerException(
                ExitCode.BadConfiguration, $"The file with the database's password, which {PasswordFile} names, cannot be read: {exception.Message}", exception);
        }
    }
}
