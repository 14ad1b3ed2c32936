namespace BatchScorer.Jobs;

/// <summary>How long the windows are by which quality over time is told. Their names are PostgreSQL's for <c>date_trunc</c>.</summary>
internal enum LabelWindow
{
    Day,

    /// <summary>From Monday on.</summary>
    Week,
    Month,
}
