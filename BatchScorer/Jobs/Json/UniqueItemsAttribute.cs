namespace BatchScorer.Jobs.Json;

/// <summary>Says that no item of a list comes twice.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UniqueItemsAttribute : Attribute;
