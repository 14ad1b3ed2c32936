using BatchScorer.Benchmarks.Models;

namespace BatchScorer.Benchmarks.Curves;

/// <summary>What is measured at a place of a curve.</summary>
/// <param name="X">The place: the number that the curve varies.</param>
/// <param name="Model">The model, and what the table's columns are.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Workers">How many take chunks side by side: partitions of one process, or processes with one partition each.</param>
internal sealed record CurvePoint(int X, SyntheticModel Model, int Rows, int Workers);
