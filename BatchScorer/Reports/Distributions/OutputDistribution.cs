namespace BatchScorer.Reports.Distributions;

/// <summary>How the values of an output spread over the rows of a run, beside those of the run before.</summary>
/// <param name="Name">The output's column.</param>
internal abstract record OutputDistribution(string Name)
{
    /// <summary>What the run stands beside.</summary>
    public string Before { get; init; } = "the run before";

    /// <summary>Rows whose value is counted, in this run and in the one before.</summary>
    public required Pair Counted { get; init; }

    /// <summary>Rows without a value, or with one that is no finite number.</summary>
    public required Pair Left { get; init; }

    /// <summary>
    /// The share of rows whose value would have to be another for both runs to be spread alike, by the bins or values shown: half the sum of the
    /// differences (the total variation distance), from 0 to 1. Null where one of the runs has nothing to compare.
    /// </summary>
    public double? Moved => Counted is { Now: > 0, Then: > 0 } ? Parts.Sum(part => Math.Abs(Share(part).Now - Share(part).Then)) / 2 : null;

    /// <summary>What <see cref="Counted"/> is made up of.</summary>
    public abstract IEnumerable<Pair> Parts { get; }

    /// <summary>The share that rows have of those counted in their run; 0 where none were.</summary>
    public (double Now, double Then) Share(Pair rows) =>
        (Counted.Now == 0 ? 0 : (double)rows.Now / Counted.Now, Counted.Then == 0 ? 0 : (double)rows.Then / Counted.Then);
}

/// <summary>A number of rows of this run, and one of the run before.</summary>
internal readonly record struct Pair(long Now, long Then);

/// <summary>Numbers, in bins of equal width that both runs share.</summary>
/// <param name="Name">The output's column.</param>
/// <param name="Bins">The bins, in order; each holds its lower edge, and the last its upper one as well.</param>
internal sealed record NumberDistribution(string Name, IReadOnlyList<NumberBin> Bins) : OutputDistribution(Name)
{
    public required NumberSummary Now { get; init; }

    /// <summary>Of the run before; null where there is none, or it has no number.</summary>
    public required NumberSummary? Then { get; init; }

    public override IEnumerable<Pair> Parts => Bins.Select(bin => bin.Rows);
}

/// <summary>The rows whose value lies between two numbers.</summary>
internal sealed record NumberBin(double From, double To, Pair Rows);

/// <summary>What there is to say of numbers in three.</summary>
internal sealed record NumberSummary(double Least, double Mean, double Greatest);

/// <summary>Texts or booleans: the most frequent values, and all others together.</summary>
/// <param name="Name">The output's column.</param>
/// <param name="Values">The most frequent of both runs first.</param>
/// <param name="Others">Rows with other values.</param>
internal sealed record ValueDistribution(string Name, IReadOnlyList<(string Value, Pair Rows)> Values, Pair Others) : OutputDistribution(Name)
{
    public override IEnumerable<Pair> Parts => Values.Select(value => value.Rows).Append(Others);
}
