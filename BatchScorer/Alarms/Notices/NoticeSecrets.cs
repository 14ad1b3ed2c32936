namespace BatchScorer.Alarms.Notices;

/// <summary>The secrets that sign notices. They are asked for each time, so that a file may change, and never kept or logged.</summary>
/// <param name="variables">The process's environment variables.</param>
internal sealed class NoticeSecrets(IReadOnlyDictionary<string, string> variables)
{
    /// <summary>Ends the name of a variable that names a file with the secret instead.</summary>
    private const string FileSuffix = "_FILE";

    /// <summary>The secret that a job names.</summary>
    /// <returns>The secret, or why there is none.</returns>
    public (string? Secret, string? Fault) Find(string name)
    {
        if (variables.GetValueOrDefault(name) is { Length: > 0 } secret)
            return (secret, null);
        if (variables.GetValueOrDefault(name + FileSuffix) is not { Length: > 0 } file)
            return (null, $"the environment of the process on {Environment.MachineName} has neither {name}, the secret that signs notices, nor {name}{FileSuffix}, a file with it");
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } text ? (text, null) : (null, $"the file that {name}{FileSuffix} names is empty");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return (null, $"the file that {name}{FileSuffix} names cannot be read: {fault.Message}");
        }
    }
}
