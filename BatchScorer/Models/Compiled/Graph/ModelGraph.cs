using BatchScorer.Errors;
using BatchScorer.Models.Compiled.Format;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// The columns of a model while it is being compiled: each step looks up the columns it reads by name and defines the ones
/// it makes. A later definition hides an earlier one of the same name, as in ML.NET.
/// </summary>
internal sealed class ModelGraph
{
    private readonly Dictionary<string, Kernel> columns = [];
    private readonly Dictionary<string, InputColumn> inputs = [];
    private readonly Dictionary<string, string> unsupportedInputs = [];
    private readonly List<string> made = [];

    public ModelGraph(IEnumerable<SchemaColumn> schema)
    {
        foreach (var (name, codec) in schema)
        {
            columns.Remove(name);
            if (codec.Type is { } type)
                columns[name] = inputs[name] = new InputColumn(name, type, codec.KeyCount);
            else
                unsupportedInputs[name] = codec.Name;
        }
    }

    /// <summary>The input of this name, or null when it is of a type this engine has no column for.</summary>
    public InputColumn? Input(string name) => inputs.GetValueOrDefault(name);

    /// <summary>
    /// The columns asked for, or, where none are, what the predictor and the steps behind it make, or all that is made
    /// where nothing predicts.
    /// </summary>
    public IReadOnlyList<(string Name, Kernel Kernel)> Answers(ModelFile file, IReadOnlyCollection<string>? outputs)
    {
        if (outputs?.FirstOrDefault(name => !columns.ContainsKey(name)) is { } unknown)
            throw ModelFault.In(file.Name, $"has no output \"{unknown}\"{Suggestion.For(unknown, columns.Keys)}");
        if (outputs?.FirstOrDefault(name => columns[name].IsRagged) is { } ragged)
            throw new UnsupportedStepException($"\"{ragged}\" has a different number of values in each row");
        return [.. (outputs ?? made.Where(name => !columns[name].IsRagged)).Distinct().Select(name => (name, columns[name]))];
    }

    /// <summary>The column of this name as it is now, with the same number of values in each row.</summary>
    public Kernel Column(ModelKey reader, string name) => AnyColumn(reader, name) is { IsRagged: false } column
        ? column
        : throw reader.Unsupported($"reads \"{name}\", which has a different number of values in each row");

    /// <summary>The column of this name as it is now.</summary>
    public Kernel AnyColumn(ModelKey reader, string name)
    {
        if (columns.TryGetValue(name, out var column))
            return column;
        throw unsupportedInputs.TryGetValue(name, out var codec)
            ? reader.Unsupported($"reads \"{name}\", a column of type {codec}")
            : reader.Fault($"it reads \"{name}\", which neither the schema nor a step before it has");
    }

    /// <summary>Makes or replaces a column.</summary>
    public void Define(string name, Kernel column)
    {
        columns[name] = column;
        made.Add(name);
    }

    /// <summary>Says that what is made from here on is what the model is for.</summary>
    public void BeginAnswers() => made.Clear();

    /// <summary>Takes names away: no later step and no answer finds them.</summary>
    public void Hide(Predicate<string> isHidden)
    {
        foreach (var name in columns.Keys.Where(name => isHidden(name)).ToArray())
            columns.Remove(name);
        made.RemoveAll(isHidden);
    }
}
