using System.CommandLine;
using System.Globalization;

namespace BatchScorer.Benchmarks;

/// <summary>Options that take a number from 1 on.</summary>
internal static class PositiveOption
{
    public static Option<int> Create(string name, string description, int byDefault)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number < 1)
                    result.AddError($"{name} is {number}; expected a number from 1 on.");
            }
        });
        return option;
    }
}
