namespace BatchScorer.Jobs.Json;

/// <summary>Says that an object has one of two properties, never both.</summary>
/// <param name="first">The .NET name of one.</param>
/// <param name="second">The .NET name of the other.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ExactlyOneOfAttribute(string first, string second) : Attribute
{
    public string First { get; } = first;

    public string Second { get; } = second;
}
