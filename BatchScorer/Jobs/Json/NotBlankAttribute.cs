using System.ComponentModel.DataAnnotations;

namespace BatchScorer.Jobs.Json;

/// <summary>Says that a text has more in it than white space, and no null character, which neither paths nor PostgreSQL can have.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotBlankAttribute : ValidationAttribute
{
    /// <param name="expected">What belongs there, as messages name it.</param>
    public NotBlankAttribute(string expected) => ErrorMessage = expected;

    public override bool IsValid(object? value) => value is string text && !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);
}
