using BatchScorer.Models;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>The ways that a process of this program can take.</summary>
internal enum Way
{
    Floor,
    HeapFloor,
    Job,
    Insert,
    Copy,
}

/// <summary>What a process is to do, when it is told to.</summary>
/// <param name="Way">How.</param>
/// <param name="Model">The file of the model.</param>
/// <param name="Engine">What scores, where a job does.</param>
internal sealed record ContenderOrder(Way Way, string Model, EngineChoice Engine = EngineChoice.Compiled)
{
    public IContender Create(Arena arena)
    {
        var job = new JobContender(arena, Model, Engine);
        return Way switch
        {
            Way.Floor => new FloorContender(arena, job, keyed: true),
            Way.HeapFloor => new FloorContender(arena, job, keyed: false),
            Way.Insert => new HandWrittenContender(arena, new RowScorer(Model), job, copies: false),
            Way.Copy => new HandWrittenContender(arena, new RowScorer(Model), job, copies: true),
            _ => job,
        };
    }
}
