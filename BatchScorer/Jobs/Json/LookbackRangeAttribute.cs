using System.ComponentModel.DataAnnotations;

namespace BatchScorer.Jobs.Json;

/// <summary>How long a <see cref="Lookback"/> may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LookbackRangeAttribute : ValidationAttribute
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public LookbackRangeAttribute() =>
        ErrorMessage = $"a time as \"hours:minutes:seconds\" from {Shortest:c} to {Longest:c}, or a whole number from 1 on where the cursor is an integer";

    public override bool IsValid(object? value) => value is Lookback { Number: >= 1 }
        || (value is Lookback { Time: { } time } && time >= Shortest && time <= Longest);
}
