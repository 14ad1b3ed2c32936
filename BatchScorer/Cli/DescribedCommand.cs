using System.CommandLine;

namespace BatchScorer.Cli;

/// <summary>A command whose help shows examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Command lines to copy, without the program's name.</param>
internal sealed class DescribedCommand(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
