namespace BatchScorer.Jobs.Json;

/// <summary>Says that an object has one of several properties, and no more than one of them.</summary>
/// <param name="properties">Their .NET names.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ExactlyOneOfAttribute(params string[] properties) : Attribute
{
    public IReadOnlyList<string> Properties { get; } = properties;
}
