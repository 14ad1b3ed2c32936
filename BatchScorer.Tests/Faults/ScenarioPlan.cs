using BatchScorer.Checkpoints;

namespace BatchScorer.Tests.Faults;

/// <summary>A process that is asked to run the job, and what happens to it.</summary>
/// <param name="Delay">When it starts.</param>
/// <param name="Partitions">How many chunks it works on at a time.</param>
/// <param name="Fault">What happens to it, if it comes to that point.</param>
internal sealed record WorkerPlan(TimeSpan Delay, int Partitions, Fault? Fault);

/// <summary>How users go on after the faults.</summary>
internal enum Recovery
{
    /// <summary><c>run JOB</c>.</summary>
    Run,

    /// <summary><c>runs resume ID</c>, or <c>run JOB</c> where no run is open.</summary>
    Resume,

    /// <summary>First <c>runs retry ID</c> for the failed chunks, if there are any, then the same.</summary>
    RetryAndResume,
}

/// <summary>What happens in a scenario, as far as it can be planned: who comes first is up to the machine.</summary>
internal sealed record ScenarioPlan
{
    private const int MostWorkers = 4;
    private const int Chunks = 8;

    public required string Name { get; init; }

    public required int Seed { get; init; }

    public SourceKind Source { get; init; }

    public required IReadOnlyList<WorkerPlan> Workers { get; init; }

    public IReadOnlyList<WriterKind> Writers { get; init; } = [];

    public required Recovery Recovery { get; init; }

    /// <summary>Whether rejected rows are scored again, by a run that is resumed after a newer one.</summary>
    public bool Replays { get; init; }

    /// <summary>Whether users withdraw what was published, and publish it again.</summary>
    public bool Withdraws { get; init; }

    /// <summary>Whether the model's file is another one by the time of the recovery.</summary>
    public bool ChangesModel { get; init; }

    public bool FillsDisk => Workers.Any(worker => worker.Fault is { Kind: FaultKind.FullDisk });

    /// <summary>One process, one fault, nothing else.</summary>
    public static ScenarioPlan Of(Fault fault) => new()
    {
        Name = fault.ToString(),
        Seed = 0,
        Workers = [new WorkerPlan(TimeSpan.Zero, 1, fault)],
        Recovery = Checkpoint.Names.ToList().IndexOf(fault.Point) % 2 == (int)fault.Kind % 2 ? Recovery.Resume : Recovery.Run,
    };

    /// <summary>What a seed makes up.</summary>
    public static ScenarioPlan Of(int seed)
    {
        var random = new Random(seed);
        var workers = random.Next(1, MostWorkers + 1);
        return new ScenarioPlan
        {
            Name = $"seed {seed}",
            Seed = seed,
            Source = random.Next(3) == 0 ? SourceKind.Table : Any<SourceKind>(random),
            Workers = [.. Enumerable.Range(0, workers).Select(i => new WorkerPlan(
                TimeSpan.FromMilliseconds(i == 0 ? 0 : random.Next(1000)), random.Next(1, 4), i == 0 || random.Next(3) > 0 ? AnyFault(random) : null))],
            Writers = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Any<WriterKind>(random))],
            Recovery = Any<Recovery>(random),
            ChangesModel = random.Next(4) == 0,
            Withdraws = random.Next(4) == 0,
            Replays = random.Next(4) == 0,
        };
    }

    /// <summary>The same where no disk can be filled.</summary>
    public ScenarioPlan WithoutFullDisk() => this with
    {
        Workers = [.. Workers.Select(worker => worker.Fault is { Kind: FaultKind.FullDisk } ? worker with { Fault = null } : worker)],
    };

    public override string ToString() =>
        $"{Name}: {Source}, {string.Join(", ", Workers.Select(worker => $"[{worker.Delay.TotalMilliseconds:0} ms, {worker.Partitions} partitions, {worker.Fault?.ToString() ?? "undisturbed"}]"))}"
        + $"{string.Concat(Writers.Select(writer => $", {writer}"))}; {Recovery}{(ChangesModel ? ", another model file" : "")}{(Withdraws ? ", withdrawals" : "")}{(Replays ? ", a replay" : "")}";

    private static Fault AnyFault(Random random)
    {
        while (true)
        {
            var point = Checkpoint.Names[random.Next(Checkpoint.Names.Count)];
            var fault = new Fault(point, Fault.IsOnceARun(point) ? 1 : random.Next(1, Chunks), Any<FaultKind>(random));
            if (Fault.All.Contains(fault with { Occurrence = Fault.IsOnceARun(point) ? 1 : 2 }))
                return fault;
        }
    }

    private static T Any<T>(Random random)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        return values[random.Next(values.Length)];
    }
}
