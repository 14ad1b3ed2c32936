using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Jobs;
using BatchScorer.Runs.Backfills;

namespace BatchScorer.Cli;

/// <summary>The options of <c>run</c> that make a backfill of it.</summary>
internal sealed class BackfillOptions
{
    private const int MostParallel = 64;

    private readonly Option<bool> backfill = new("--backfill") { Description = "Score a range of the job's cursor column again or for the first time, window by window, instead of what is next." };
    private readonly Option<string?> from = new("--from") { Description = "Where the range begins: a date, an ISO 8601 instant (UTC where no offset is given), or a number for an integer cursor.", HelpName = "T" };
    private readonly Option<string?> to = new("--to") { Description = "Where the range ends; that value itself is not in it.", HelpName = "T" };
    private readonly Option<string?> every = new("--every") { Description = "The length of a window, such as 1.00:00:00 for a day. Each is a run of its own. Default: one window.", HelpName = "D" };
    private readonly Option<string?> model = new("--model") { Description = "A model.zip to score with, instead of the job's.", HelpName = "FILE" };
    private readonly Option<WindowChoice> only = CreateOnly();
    private readonly Option<bool> newestFirst = new("--newest-first") { Description = "Begin with the last window." };
    private readonly Option<int?> parallel = Numbers.Option("--parallel", $"How many windows to score side by side, 1 to {MostParallel}. Default: 1.", 1, MostParallel);
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Print what the backfill would do, and write nothing." };
    private readonly Option<bool> enqueue = new("--enqueue") { Description = "Hand the backfill to the nodes that run `batchscorer serve`, and return at once. It waits until there is one." };
    private readonly Option<string?> plan = new("--plan") { Description = "Only run the plan with this hash, which --dry-run prints; refuse if it has changed.", HelpName = "HASH" };

    /// <summary>Gives the command these options, and has it refuse those that go only with <c>--backfill</c>, or not with each other.</summary>
    /// <param name="command">The command.</param>
    /// <param name="partitions">Its option of how many workers there are in this process.</param>
    public void AddTo(Command command, Option partitions)
    {
        Option[] others = [from, to, every, model, only, newestFirst, parallel, enqueue, dryRun, plan];
        command.Add(backfill);
        foreach (var option in others)
            command.Add(option);
        command.Validators.Add(result =>
        {
            var given = others.Where(option => result.GetResult(option) is { Implicit: false }).ToList();
            if (result.GetResult(backfill) is null or { Implicit: true })
            {
                foreach (var option in given)
                    result.AddError($"{option.Name} goes only with --backfill.");
                return;
            }

            foreach (var missing in new[] { from, to }.Except(given))
                result.AddError($"--backfill needs {missing.Name} too: expected --from T --to T, the range to score.");
            if (!given.Contains(enqueue))
                return;
            if (given.Contains(dryRun))
                result.AddError("--dry-run writes nothing, and --enqueue a backfill: expected one of them.");
            if (result.GetResult(partitions) is { Implicit: false })
                result.AddError($"{partitions.Name} is for work in this process and does not go with --enqueue: a run's partitions on nodes are limited by the job's work.partitions and the nodes' settings.");
        });
    }

    public bool IsAsked(ParseResult parse) => parse.GetValue(backfill);

    public bool IsDryRun(ParseResult parse) => parse.GetValue(dryRun);

    public bool IsEnqueued(ParseResult parse) => parse.GetValue(enqueue);

    public int Parallel(ParseResult parse) => parse.GetValue(parallel) ?? 1;

    /// <summary>The hash that the plan has to have; null for any.</summary>
    public string? Plan(ParseResult parse) => parse.GetValue(plan);

    public BackfillRequest Request(ParseResult parse) => new()
    {
        From = parse.GetValue(from)!,
        To = parse.GetValue(to)!,
        Every = parse.GetValue(every),
        Only = parse.GetValue(only),
        NewestFirst = parse.GetValue(newestFirst),
    };

    /// <summary>The job with the model that is to score.</summary>
    public Job WithModel(ParseResult parse, Job job, ProgramEnvironment environment) => parse.GetValue(model) is not { } file
        ? job
        : job with
        {
            ModelFile = Path.GetFullPath(file, environment.WorkingFolder),
            Definition = job.Definition with { Model = job.Definition.Model with { Path = file, Name = null, Version = null } },
        };

    private static Option<WindowChoice> CreateOnly()
    {
        var option = new Option<WindowChoice>("--only")
        {
            Description = "Which windows to score: those that are missing, failed or stale, as `batchscorer windows` tells, or all. Default: missing.",
            HelpName = "missing|failed|stale|all",
        };
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "missing", "failed", "stale", "all");
        return option;
    }
}
