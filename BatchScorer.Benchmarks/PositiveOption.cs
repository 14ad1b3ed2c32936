using System.CommandLine;
using System.Globalization;

namespace BatchScorer.Benchmarks;

/// <summary>Options that take a number from 1, or from a greater one, on.</summary>
internal static class PositiveOption
{
    public static Option<int> Create(string name, string description, int byDefault, int least = 1)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number < least)
                    result.AddError($"{name} is {number}; expected a number from {least} on.");
            }
        });
        return option;
    }
}
