namespace BatchScorer.Alarms;

/// <summary>What rules go by: how a run ended.</summary>
internal sealed record RunFacts
{
    public required string Job { get; init; }

    public required long RunId { get; init; }

    /// <summary>Whether all of its rows were read; otherwise it failed.</summary>
    public required bool Succeeded { get; init; }

    public required long RowsRead { get; init; }

    public required long RowsRejected { get; init; }

    /// <summary>How long it was worked on.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The columns that have drifted, the farthest first, each once.</summary>
    public IReadOnlyList<ColumnOverLimit> Drifted { get; init; } = [];
}

/// <summary>A column of a run that has drifted, by the measure that is farthest beyond its limit.</summary>
/// <param name="Column">The model's name for it.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Against">What it was compared with, in words.</param>
/// <param name="Value">What the measure says.</param>
/// <param name="Limit">From where on it is drift.</param>
/// <param name="Detail">What has changed, in words.</param>
internal sealed record ColumnOverLimit(string Column, string Measure, string Against, double Value, double Limit, string Detail);
