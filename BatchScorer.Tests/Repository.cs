namespace BatchScorer.Tests;

/// <summary>Finds the files of the repository that tests look at.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>BatchScorer.sln</c>.</summary>
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The full path of a file or folder, given from the root.</summary>
    public static string PathTo(string relative) => Path.Combine(Root, relative);

    private static string FindRoot(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BatchScorer.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run within the repository.");
    }
}
