using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality.Labels;
using BatchScorer.Runs;
using BatchScorer.Sources;

namespace BatchScorer.Tests.Quality;

/// <summary>What of a job's predictions is compared with which labels, and what does not fit.</summary>
internal sealed class LabelBindingTests
{
    private static readonly JobLabels Labels = new() { Table = new QualifiedName("public", "outcomes"), Label = "has_left", Time = "at" };

    private static readonly JobDefinition Job = new()
    {
        Name = "job",
        Source = new JobSource { Table = new QualifiedName("public", "t"), Key = ["id"] },
        Model = new JobModel { Path = "m.zip" },
        Carry = ["region"],
        Labels = Labels,
    };

    private static readonly Dictionary<string, string> Outputs = new() { ["p"] = "Probability", ["yes"] = "PredictedLabel", ["s"] = "Score" };

    private static IEnumerable<TestCaseData> Guesses =>
    [
        Guess(Job, "predicted_label boolean, probability real, score real", "binary probability"),
        Guess(Job, "score real", "regression score"),
        Guess(Job, "predicted_label text, score real[]", "multiclass predicted_label"),
        Guess(Job, "predicted_label bigint, score real[]", "multiclass predicted_label"),
        Guess(Job, "predicted_label boolean, score real", "labels.output: the outputs do not tell which of them is compared with the labels; name it, one of predicted_label, score"),
        Guess(Job with { Outputs = Outputs }, "p real, yes boolean, s real", "binary p"),
        Guess(Job with { Outputs = new Dictionary<string, string> { ["s"] = "Score" } }, "s real", "labels.output: the outputs do not tell which of them is compared with the labels; name it, one of s"),
        Guess(Job with { Outputs = Outputs, Labels = Labels with { Output = "s" } }, "p real, yes boolean, s real", "labels.kind: the output \"s\" does not tell it; name it, \"binary\", \"regression\" or \"multiclass\""),
        Guess(Job with { Labels = Labels with { Output = "score", Threshold = 0 } }, "predicted_label boolean, score real", "binary score"),
        Guess(Job with { Labels = Labels with { Kind = LabelKind.Regression } }, "predicted_label boolean, probability real, score real", "regression score"),
        Guess(Job with { Labels = Labels with { Output = "predicted_label", Positive = "x" } }, "predicted_label boolean, score real", "labels.output: expected a probability or score, a column of type real or double precision, got \"predicted_label\" of type boolean"),
        Guess(Job with { Labels = Labels with { Output = "score", Kind = LabelKind.Multiclass } }, "score real", "labels.output: expected the predicted class, a column of type text, bigint or boolean, got \"score\" of type real"),
        Guess(Job with { Labels = Labels with { Output = "scor" } }, "score real", "labels.output: the predictions have no output \"scor\", did you mean \"score\"?; name one of score"),
        Guess(Job with { Labels = Labels with { Output = "region" } }, "score real", "labels.output: the predictions have no output \"region\"; name one of score"),
        Guess(Job with { Labels = Labels with { Classes = ["a", "b"], Probabilities = "predicted_label" } }, "predicted_label text", "labels.probabilities: expected a column of type real[] or double precision[], got \"predicted_label\" of type text"),
    ];

    [TestCaseSource(nameof(Guesses))]
    public void What_is_compared_follows_from_the_outputs_or_is_asked_for(JobDefinition job, string outputs, string expected)
    {
        var comparison = new ComparisonBinding(job, Described("table scoring.job_predictions", $"id bigint, {outputs}, region text, run_id bigint")).TryBind(out var faults);

        Assert.That(comparison is null ? Told(faults) : $"{comparison.Kind.ToString().ToLowerInvariant()} {comparison.Output}", Is.EqualTo(expected));
    }

    private static IEnumerable<TestCaseData> Misfits =>
    [
        Misfit(Labels, "id bigint, has_left boolean, at timestamptz", ""),
        Misfit(Labels, "id integer, has_left numeric, at timestamptz", ""),
        Misfit(Labels with { Positive = "gone" }, "id integer, has_left text, at timestamptz", ""),
        Misfit(Labels, "customer bigint, has_left boolean, at timestamptz", "labels: table public.outcomes has no column \"id\"; name the columns of the key, \"key\": […]"),
        Misfit(Labels with { Key = ["customr"] }, "customer bigint, has_left boolean, at timestamptz", "labels.key[0]: table public.outcomes has no column \"customr\", did you mean \"customer\"?"),
        Misfit(Labels, "id text, has_left boolean, at timestamptz", "labels: expected a column that fits the key's \"id\", of type bigint, got \"id\" of type text; a query can cast it"),
        Misfit(Labels, "id bigint, hasleft boolean, at timestamptz", "labels.label: table public.outcomes has no column \"has_left\", did you mean \"hasleft\"?"),
        Misfit(Labels, "id bigint, has_left text, at timestamptz", "labels.label: \"has_left\" is text: say which value means yes, \"positive\": \"…\", or name a column of type boolean, or of numbers 0 and 1"),
        Misfit(Labels, "id bigint, has_left boolean, at timestamp", "labels.time: expected a column of type timestamptz, got \"at\" of type timestamp; a query can give it a time zone: \"at\" AT TIME ZONE 'UTC'"),
        Misfit(Labels with { Kind = LabelKind.Regression }, "id bigint, has_left boolean, at timestamptz", "labels.label: expected a number, a column of type integer, real, double precision or numeric, got \"has_left\" of type boolean"),
        Misfit(Labels with { Kind = LabelKind.Multiclass }, "id bigint, has_left real, at timestamptz", "labels.label: expected a class, a column of type text, integer or boolean, got \"has_left\" of type real"),
        Misfit(Labels, "at date", "labels: table public.outcomes has no column \"id\"; name the columns of the key, \"key\": […]\n"
            + "labels.time: expected a column of type timestamptz, got \"at\" of type date; a query can give it a time zone: \"at\" AT TIME ZONE 'UTC'\nlabels.label: table public.outcomes has no column \"has_left\""),
    ];

    [TestCaseSource(nameof(Misfits))]
    public void Labels_that_do_not_fit_are_told_all_at_once(JobLabels labels, string columns, string expected)
    {
        var job = Job with { Labels = labels };
        var comparison = new Comparison(labels.Kind ?? LabelKind.Binary, "score", 0.5, null, null, Described("", "id bigint").Columns, HasCursor: false, LabelWindow.Week);

        new LabelBinding(job, comparison, Described("table public.outcomes", columns)).TryBind(out var faults);

        Assert.That(Told(faults), Is.EqualTo(expected));
    }

    private static string Told(IEnumerable<BindingFault> faults) => string.Join('\n', faults.Select(fault => $"{fault.Path}: {fault.Message}"));

    private static TestCaseData Guess(JobDefinition job, string outputs, string expected) => new TestCaseData(job, outputs, expected).SetArgDisplayNames($"{outputs}: {expected[..Math.Min(60, expected.Length)]}");

    private static TestCaseData Misfit(JobLabels labels, string columns, string expected) => new TestCaseData(labels, columns, expected).SetArgDisplayNames($"{columns}: {expected[..Math.Min(60, expected.Length)]}");

    private static SourceDescription Described(string name, string columns) => new(name, "", [.. columns.Split(", ").Select(Column)], [], IsTable: true);

    private static SourceColumn Column(string text)
    {
        var (name, type) = (text[..text.IndexOf(' ')], text[(text.IndexOf(' ') + 1)..]);
        uint id = type switch
        {
            "boolean" => 16, "bigint" => 20, "integer" => 23, "text" => 25, "real" => 700, "real[]" => 1021, "numeric" => 1700, "timestamptz" => 1184, _ => 0,
        };
        return new SourceColumn(name, type, id, IsEnum: false, NotNull: false);
    }
}
