using System.Diagnostics.CodeAnalysis;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>A row of the table as people write it down, for Dapper and for ML.NET. The names are those of the standard model's inputs.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Dapper and ML.NET make them.")]
internal sealed class SyntheticRow
{
    public long Id { get; set; }

    public DateTime UpdatedAt { get; set; }

    public float Number1 { get; set; }

    public float Number2 { get; set; }

    public float Number3 { get; set; }

    public float Number4 { get; set; }

    public float Number5 { get; set; }

    public float Number6 { get; set; }

    public float Number7 { get; set; }

    public float Number8 { get; set; }

    public float Number9 { get; set; }

    public float Number10 { get; set; }

    public float Number11 { get; set; }

    public float Number12 { get; set; }

    public float Number13 { get; set; }

    public float Number14 { get; set; }

    public float Number15 { get; set; }

    public float Number16 { get; set; }

    public float Number17 { get; set; }

    public float Number18 { get; set; }

    public float Number19 { get; set; }

    public float Number20 { get; set; }

    public string Category1 { get; set; } = "";

    public string Category2 { get; set; } = "";

    public string Category3 { get; set; } = "";
}

/// <summary>What the standard model says of a row.</summary>
internal sealed class SyntheticAnswer
{
    public bool PredictedLabel { get; set; }

    public float Score { get; set; }

    public float Probability { get; set; }
}
