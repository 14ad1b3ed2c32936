namespace BatchScorer.Jobs;

/// <summary>A job whose file is free of faults, with the places of the files it names.</summary>
/// <param name="Definition">What the file says.</param>
/// <param name="File">The job file.</param>
/// <param name="ModelFile">The model's file; null where the model is a registered one.</param>
/// <param name="QueryFile">The file of the source's query; null where the source is a table.</param>
/// <param name="FreshQueryFile">The file of the query by which the source is known to be fresh; null where nothing has to hold.</param>
/// <param name="LabelsQueryFile">The file of the query of labels; null where they are in a table, or the job has none.</param>
internal sealed record Job(JobDefinition Definition, string File, string? ModelFile, string? QueryFile, string? FreshQueryFile = null, string? LabelsQueryFile = null)
{
    public string Name => Definition.Name;
}
