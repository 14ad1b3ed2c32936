using System.CommandLine;
using BatchScorer.Benchmarks.Kernels;

namespace BatchScorer.Benchmarks;

/// <summary>Measurements, one command each.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => new RootCommand("Measures BatchScorer on data and models made for it.")
    {
        KernelCommand.Create(),
    }.Parse(arguments).InvokeAsync();
}
