using System.Numerics;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>
/// N-grams by their keys, as a tree: from each node a key leads on to another, and at a node there may be a slot. Edges from
/// the root are found by their key, all others in one table with open addressing.
/// </summary>
internal sealed class NgramTree
{
    private const int Root = 0;
    private const int None = -1;

    /// <summary>Keys that have a place of their own at the root; larger ones are in the table.</summary>
    private const int MostFirstKeys = 1 << 17;

    private Edge[] first = [];
    private Edge[] edges = new Edge[16];
    private int shift = 60;
    private int edgeCount;
    private int nodeCount = 1;

    /// <summary>Puts a slot where keys lead to from the root.</summary>
    public void Add(ReadOnlySpan<uint> keys, int slot)
    {
        var node = Root;
        for (var i = 0; i < keys.Length; i++)
        {
            ref var edge = ref FindOrAdd(node, keys[i]);
            node = edge.Node;
            if (i == keys.Length - 1)
                edge.Slot = slot;
        }
    }

    private static ulong Id(int node, uint key) => ((ulong)node << 32) | key;

    /// <summary>The edge, or a free place where it would be.</summary>
    private ref Edge Find(int node, uint key)
    {
        if (node == Root && key < (uint)first.Length)
            return ref first[key];
        var id = Id(node, key);
        var table = edges;
        for (var at = (int)((id * 0x9E3779B97F4A7C15) >> shift); ; at = (at + 1) & (table.Length - 1))
        {
            ref var edge = ref table[at];
            if (edge.Id == id || edge.IsFree)
                return ref edge;
        }
    }

    private ref Edge FindOrAdd(int node, uint key)
    {
        if (node == Root && key < MostFirstKeys && key >= first.Length)
            Array.Resize(ref first, Math.Max((int)key + 1, Math.Min(2 * first.Length, MostFirstKeys)));
        if (Find(node, key).IsFree)
        {
            if (2 * ++edgeCount > edges.Length)
                Grow();
            Find(node, key) = new Edge(Id(node, key), nodeCount++);
        }

        return ref Find(node, key);
    }

    private void Grow()
    {
        var before = edges;
        edges = new Edge[2 * before.Length];
        shift = 64 - BitOperations.Log2((uint)edges.Length);
        foreach (var edge in before)
        {
            if (!edge.IsFree)
                Find((int)(edge.Id >> 32), (uint)edge.Id) = edge;
        }
    }

    /// <summary>Finds slots by going down from node to node.</summary>
    internal readonly struct Index(NgramTree tree) : INgramIndex
    {
        public int Begin => Root;

        public bool TryNext(ref int at, uint key, int length, out int slot)
        {
            ref var edge = ref tree.Find(at, key);
            (at, slot) = (edge.Node, edge.Slot);
            return !edge.IsFree;
        }
    }

    private struct Edge(ulong id, int node)
    {
        public ulong Id = id;
        public int Node = node;
        public int Slot = None;

        public readonly bool IsFree => Node == Root;
    }
}
