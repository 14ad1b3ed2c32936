using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BatchScorer.Errors;
using BatchScorer.Jobs;

namespace BatchScorer.Runs.Backfills;

/// <summary>
/// A plan in 27 letters: four times the first six hexadecimal digits of a SHA-256, of the job, the model, the windows and their rows, so that
/// two plans that differ tell in what.
/// </summary>
internal static partial class PlanHash
{
    private static readonly string[] Parts = ["the job's definition or query", "the model", "the windows, or what has become of them", "the rows in them"];

    /// <summary>The hash of a plan.</summary>
    /// <param name="manifest">What its runs would freeze.</param>
    /// <param name="grid">The windows.</param>
    /// <param name="windows">What becomes of each.</param>
    public static string Of(Manifest manifest, WindowGrid grid, IReadOnlyList<PlannedWindow> windows)
    {
        // The model counts by its bytes, wherever they lie.
        var job = manifest.Job with { Model = manifest.Job.Model with { Path = "", Version = null } };
        var chosen = windows.Where(window => window.Action is not WindowAction.Leave).ToList();
        return string.Join('-',
            Digits(JsonSerializer.Serialize(job, JobJson.Options) + manifest.Source.Query),
            Digits(manifest.Model.Sha256),
            Digits($"{grid.From} {grid.To} {grid.Length} {string.Concat(chosen.Select(window => $"\n{window.From} {window.Action}"))}"),
            Digits(string.Join('\n', chosen.Select(window => window.Rows))));
    }

    /// <exception cref="BatchScorerException">It is not what a plan's hash looks like, or that of another plan.</exception>
    public static void Require(string given, string actual)
    {
        if (!Form().IsMatch(given))
            throw new BatchScorerException(ExitCode.Usage, $"--plan is \"{given}\", expected what --dry-run printed behind \"plan\", such as {actual}.");
        var changed = given.Split('-').Zip(actual.Split('-'), Parts).Where(part => part.First != part.Second).Select(part => part.Third).ToList();
        if (changed.Count > 0)
        {
            throw new BatchScorerException(ExitCode.Failed,
                $"The plan has changed since it was {given}; now it is {actual}. What differs: {string.Join("; ", changed)}. Nothing was run: look at it again with --dry-run.");
        }
    }

    private static string Digits(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..6];

    [GeneratedRegex("^[0-9a-f]{6}(-[0-9a-f]{6}){3}$")]
    private static partial Regex Form();
}
