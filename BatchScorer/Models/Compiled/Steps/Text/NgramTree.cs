using System.Numerics;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>
/// N-grams by their keys, as a tree: from each node a key leads on to another, and at a node there may be a slot. All edges are
/// in one table with open addressing.
/// </summary>
internal sealed class NgramTree
{
    private const int Root = 0;
    private const int None = -1;
    private const int Free = 0;

    private readonly List<int> slots = [None];
    private Edge[] edges = new Edge[16];
    private int shift = 60;
    private int edgeCount;

    /// <summary>Puts a slot at the node that keys lead to from the root.</summary>
    public void Add(ReadOnlySpan<uint> keys, int slot)
    {
        var node = Root;
        foreach (var key in keys)
            node = Child(node, key) is not None and var child ? child : AddEdge(node, key);
        slots[node] = slot;
    }

    private int Child(int node, uint key)
    {
        var id = Id(node, key);
        for (var at = Place(id); ; at = (at + 1) & (edges.Length - 1))
        {
            ref var edge = ref edges[at];
            if (edge.Node == Free)
                return None;
            if (edge.Id == id)
                return edge.Node;
        }
    }

    private static ulong Id(int node, uint key) => ((ulong)node << 32) | key;

    private int Place(ulong id) => (int)((id * 0x9E3779B97F4A7C15) >> shift);

    private int AddEdge(int node, uint key)
    {
        if (2 * ++edgeCount > edges.Length)
            Grow();
        slots.Add(None);
        Insert(new Edge(Id(node, key), slots.Count - 1));
        return slots.Count - 1;
    }

    private void Insert(Edge edge)
    {
        var at = Place(edge.Id);
        while (edges[at].Node != Free)
            at = (at + 1) & (edges.Length - 1);
        edges[at] = edge;
    }

    private void Grow()
    {
        var before = edges;
        edges = new Edge[2 * before.Length];
        shift = 64 - BitOperations.Log2((uint)edges.Length);
        foreach (var edge in before)
        {
            if (edge.Node != Free)
                Insert(edge);
        }
    }

    private readonly record struct Edge(ulong Id, int Node);

    /// <summary>Finds slots by going down from node to node.</summary>
    internal readonly struct Index(NgramTree tree) : INgramIndex
    {
        public int Begin => Root;

        public bool TryNext(int at, uint key, out int next) => (next = tree.Child(at, key)) != None;

        public int Slot(int at, uint lastKey, int length) => tree.slots[at];
    }
}
