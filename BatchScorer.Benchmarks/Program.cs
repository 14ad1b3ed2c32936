using System.CommandLine;
using BatchScorer.Benchmarks.Comparison;
using BatchScorer.Benchmarks.Contenders;
using BatchScorer.Benchmarks.Curves;
using BatchScorer.Benchmarks.Kernels;
using BatchScorer.Benchmarks.Micro;
using BatchScorer.Benchmarks.Nodes;
using BatchScorer.Benchmarks.Runs;

namespace BatchScorer.Benchmarks;

/// <summary>Measurements, one command each.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => new RootCommand("Measures BatchScorer on data and models made for it.")
    {
        ComparisonCommand.Create(),
        RunCommand.Create(),
        ProfilingCommand.Create(),
        NodesCommand.Create(),
        KernelCommand.Create(),
        CurvesCommand.Create(),
        MicroCommand.Create(),
        ContendCommand.Create(),
    }.Parse(arguments).InvokeAsync();
}
