using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Sources;

namespace BatchScorer.Quality.Labels;

/// <summary>Fits a table or query of labels to what is compared with it.</summary>
internal sealed class LabelBinding(JobDefinition job, Comparison comparison, SourceDescription source)
{
    private readonly JobLabels labels = job.Labels!;
    private readonly List<BindingFault> faults = [];

    /// <summary>Binds, or says everything that does not fit.</summary>
    /// <returns>Null where there are faults.</returns>
    public LabelQuery? TryBind(out IReadOnlyList<BindingFault> found)
    {
        var key = FindKey();
        var time = Require(labels.Time, "labels.time");
        if (time is { Family: not WireFamily.TimestampTz })
            faults.Add(new("labels.time", $"expected a column of type timestamptz, got \"{time.Name}\" of type {time.SqlType}; a query can give it a time zone: {SqlIdentifier.Quote(time.Name)} AT TIME ZONE 'UTC'"));
        var label = Require(labels.Label, "labels.label");
        var number = label is null || comparison.Kind is LabelKind.Multiclass ? null : Number(label);
        if (label is not null && comparison.Kind is LabelKind.Multiclass && label.Family is not (WireFamily.Text or WireFamily.Integer or WireFamily.Boolean or WireFamily.Uuid))
            faults.Add(new("labels.label", $"expected a class, a column of type text, integer or boolean, got \"{label.Name}\" of type {label.SqlType}"));
        found = faults;
        return faults.Count > 0 ? null : new LabelQuery(job.Name, source.Relation, key, label!, time!, number);
    }

    private List<SourceColumn> FindKey()
    {
        var names = labels.Key ?? job.Source.Key;
        var key = new List<SourceColumn>();
        foreach (var (index, name) in names.Index())
        {
            var path = labels.Key is null ? "labels" : $"labels.key[{index}]";
            if (Require(name, path) is not { } column)
                continue;
            if (column.Family != comparison.Key[index].Family)
                faults.Add(new(path, $"expected a column that fits the key's \"{comparison.Key[index].Name}\", of type {comparison.Key[index].SqlType}, got \"{column.Name}\" of type {column.SqlType}; a query can cast it"));
            key.Add(column);
        }

        return key;
    }

    /// <summary>The label as a number, as SQL that is null where it is none.</summary>
    private string? Number(SourceColumn label)
    {
        var column = $"source.{SqlIdentifier.Quote(label.Name)}";
        if (comparison.Kind is LabelKind.Binary && labels.Positive is { } positive)
            return $"({column}::text = {SqlLiteral.Quote(positive)})::integer";
        if (label.Family is WireFamily.Integer or WireFamily.Float or WireFamily.Numeric)
        {
            return comparison.Kind is LabelKind.Binary
                ? $"CASE {column} WHEN 1 THEN 1 WHEN 0 THEN 0 END"
                : $"CASE WHEN {column}::text NOT IN ('NaN', 'Infinity', '-Infinity') THEN {column}::double precision END";
        }

        if (comparison.Kind is LabelKind.Binary && label.Family is WireFamily.Boolean)
            return $"{column}::integer";
        faults.Add(new("labels.label", comparison.Kind is LabelKind.Binary
            ? $"\"{label.Name}\" is {label.SqlType}: say which value means yes, \"positive\": \"…\", or name a column of type boolean, or of numbers 0 and 1"
            : $"expected a number, a column of type integer, real, double precision or numeric, got \"{label.Name}\" of type {label.SqlType}"));
        return null;
    }

    private SourceColumn? Require(string name, string path)
    {
        var column = source.Find(name);
        if (column is null)
        {
            var remedy = path == "labels" ? "; name the columns of the key, \"key\": […]" : "";
            faults.Add(new(path, $"{source.Name} has no column \"{name}\"{Suggestion.For(name, source.Columns.Select(candidate => candidate.Name))}{remedy}"));
        }

        return column;
    }
}
