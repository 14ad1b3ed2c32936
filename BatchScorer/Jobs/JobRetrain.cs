using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>How a job's model is trained anew, and when.</summary>
[ExactlyOneOf(nameof(Command), nameof(With))]
internal sealed record JobRetrain
{
    [Description("The program that trains, and its arguments, without a shell: [\"python3\", \"train.py\"]. It works in the folder of the job file, and finds in its environment where the data are (BATCHSCORER_DATA) and where the model is to go (BATCHSCORER_MODEL).")]
    [Length(1, 100), NotBlank("a program or an argument of it")]
    public IReadOnlyList<string>? Command { get; init; }

    [Description("The trainer of this program instead of a command: \"fasttree\". Only in builds that have Microsoft.ML.")]
    public TrainerChoice? With { get; init; }

    [Description("How long the command may take, hours:minutes:seconds, up to seven days; then it is ended.")]
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    [Description("When `serve` trains by itself. Default: only when asked to.")]
    public RetrainSchedule? Schedule { get; init; }

    [Description("Which alarms have `serve` train, once each time that one begins: \"drift\", \"quality\". Default: none.")]
    [Length(1, 2), UniqueItems]
    public IReadOnlyList<AlarmKind>? OnAlarm { get; init; }

    [Description("Whether a version that was trained is put in use at once, if every job can use it. Otherwise somebody promotes it.")]
    public bool Promote { get; init; }
}
