using System.Text;
using BatchScorer.Exchange;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Quality;
using BatchScorer.Training.Data;

namespace BatchScorer.Tests.Training.Data;

/// <summary>Which rows are trained on, and what is written of them.</summary>
internal sealed class TrainingDataTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly JobLabels Claims = new()
    {
        Table = new QualifiedName("public", "claims"), Label = "amount", Time = "at", Kind = LabelKind.Regression, Output = "score",
    };

    [Test]
    public async Task A_row_is_written_as_it_was_scored_with_its_newest_label_unless_it_is_no_longer_what_was_scored()
    {
        await using var job = await PoliciesAsync(cursor: "updated_at");
        await job.ScoreAsync("2024-01-10");
        await Database.ExecuteAsync(
            """
            INSERT INTO claims SELECT id, branch, id + 0.5, '2024-01-12 00:00Z' FROM policies WHERE id <> 9;
            UPDATE policies SET mileage = 60000, updated_at = '2024-01-15 00:00Z' WHERE id = 5;
            """);
        await job.ScoreAsync("2024-01-20");
        await Database.ExecuteAsync(
            """
            INSERT INTO claims VALUES (2, 'plain', 21, '2024-01-25 12:00:00.25Z'), (5, 'plain', 55, '2024-01-26 00:00Z'), (7, 'plain', 77, '2024-01-27 00:00Z');
            UPDATE policies SET mileage = 1, updated_at = '2024-01-28 00:00Z' WHERE id = 3;
            DELETE FROM policies WHERE id = 4;
            UPDATE policies SET power = 1e300 WHERE id = 6;
            """);
        await job.UpdateAsync();
        await Database.ExecuteAsync("DELETE FROM scoring.job_predictions WHERE (id, run_id) = (7, 2)");

        var (text, data) = await WriteAsync(job, LabelRange.All);

        Assert.That(text, Is.EqualTo(string.Concat(
            "id,branch,DriverAge,VehicleAge,Power,Bonus,Density,Mileage,note,label,label_time,published_at,run_id\r\n",
            "1,\"Nord, \"\"A\"\"\",36,NaN,82,61.25,58.7,16777216,\"two\nlines\",1.5,2024-01-12T00:00:00.000000Z,2024-01-10T00:00:00.000000Z,1\r\n",
            "2,plain,36,8,82,61.25,58.7,20000,,21,2024-01-25T12:00:00.250000Z,2024-01-20T00:00:00.000000Z,2\r\n",
            "5,plain,36,8,82,61.25,58.7,60000,=1+1,55,2024-01-26T00:00:00.000000Z,2024-01-20T00:00:00.000000Z,2\r\n",
            "7,plain,36,8,82,61.25,58.7,70000,=1+1,7.5,2024-01-12T00:00:00.000000Z,2024-01-10T00:00:00.000000Z,1\r\n",
            "8,plain,36,8,82,61.25,58.7,80000,=1+1,8.5,2024-01-12T00:00:00.000000Z,2024-01-10T00:00:00.000000Z,1\r\n")));
        Assert.That((data.Labelled, data.Rows), Is.EqualTo((11, 5)));
        Assert.That((data.Changed, data.Vanished, data.Expired, data.Repeated, data.Rejected), Is.EqualTo((2, 1, 1, 1, 1)));
        Assert.That(data.Columns.Select(column => $"{column.Role} {column.Type}").Skip(7), Is.EqualTo(new[]
        {
            "Input Single", "Carried text", "Label double precision", "LabelTime timestamptz", "PublishedAt timestamptz", "Run bigint",
        }));
    }

    [Test]
    public async Task Labels_are_chosen_by_their_times_and_those_of_withdrawn_runs_do_not_count()
    {
        await using var job = await PoliciesAsync(cursor: "updated_at");
        await job.ScoreAsync("2024-01-10");
        await Database.ExecuteAsync("INSERT INTO claims SELECT id, branch, 1, '2024-01-10 00:00Z'::timestamptz + id * interval '1 day' FROM policies");

        var (_, data) = await WriteAsync(job, new LabelRange(Day(13), Day(16)));
        Assert.That((data.Labelled, data.Rows), Is.EqualTo((3, 3)));

        await job.WithdrawAsync(1, "2024-02-01");
        var (text, none) = await WriteAsync(job, LabelRange.All);
        Assert.That((none.Labelled, none.Rows, text.Count(letter => letter == '\n')), Is.EqualTo((0, 0, 1)));

        static DateTime Day(int day) => new(2024, 1, day, 0, 0, 0, DateTimeKind.Utc);
    }

    [Test]
    public async Task Without_a_cursor_rows_are_taken_as_they_are_now_and_that_is_said()
    {
        await using var job = await PoliciesAsync(cursor: null);
        await job.ScoreAsync("2024-01-10");
        await Database.ExecuteAsync("INSERT INTO claims VALUES (2, 'plain', 21, '2024-01-25 00:00Z'); UPDATE policies SET mileage = 5");

        var (text, data) = await WriteAsync(job, LabelRange.All);

        Assert.That((data.TellsChanges, data.Rows, data.Changed), Is.EqualTo((false, 1, 0)));
        Assert.That(text, Does.Contain("\r\n2,plain,36,8,82,61.25,58.7,5,"));
    }

    [Test]
    public async Task A_name_that_an_input_has_leaves_the_input_its_own()
    {
        await using var job = await PoliciesAsync(cursor: null);
        job.Job.Definition = job.Job.Definition with
        {
            Carry = ["power"],
            Inputs = new Dictionary<string, string> { ["Power"] = "id" },
        };
        await Database.ExecuteAsync("DROP TABLE scoring.job_predictions CASCADE; DELETE FROM scoring.jobs");
        await job.Job.AppliedAsync();

        var (text, _) = await WriteAsync(job, LabelRange.All);

        Assert.That(text, Is.EqualTo("id,branch,DriverAge,VehicleAge,Power,Bonus,Density,Mileage,power_,label,label_time,published_at,run_id\r\n"));
    }

    private async Task<LabelledJob> PoliciesAsync(string? cursor)
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE policies (
                id integer, branch text, updated_at timestamptz NOT NULL, driver_age real, vehicle_age smallint, power double precision, bonus numeric(6, 2),
                density real, mileage bigint, note text, PRIMARY KEY (id, branch));
            INSERT INTO policies SELECT id, 'plain', '2024-01-01 00:00Z', 36, 8, 82, 61.25, 58.7, id * 10000, '=1+1' FROM generate_series(1, 9) AS id;
            UPDATE policies SET branch = 'Nord, "A"', vehicle_age = NULL, mileage = 16777217, note = E'two\nlines' WHERE id = 1;
            UPDATE policies SET note = NULL WHERE id = 2;
            CREATE TABLE claims (id bigint, branch varchar(20), amount numeric, at timestamptz);
            """);
        var source = new JobSource { Table = new QualifiedName("public", "policies"), Key = ["id", "branch"], Cursor = cursor };
        return await LabelledJob.CreateAsync(Database, "missing_values", source, Claims, carry: ["note"]);
    }

    private static async Task<(string Text, DataSet Data)> WriteAsync(LabelledJob job, LabelRange range)
    {
        using var file = new MemoryStream();
        var data = await job.Data.WriteAsync(job.Job.Job, range, file, new Progress<TransferProgress>(), default);
        return (Encoding.UTF8.GetString(file.ToArray()), data);
    }
}
