using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using BatchScorer.Errors;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>
/// A component of a model file: what its <c>Model.key</c> says it is, its block, and the components in folders below it.
/// The layout is that of ML.NET's <c>ModelHeader</c>. The assembly name in it is never looked at.
/// </summary>
internal sealed class ModelKey
{
    private const string FileName = "Model.key";
    private const string BinaryFileName = "Model.bin"; // the same for a few kinds of component, such as isotonic calibrators
    private const ulong Magic = 0x4C45444F4D004C4D;
    private const int HeaderLength = 256;
    private const int DeepestFolder = 64;

    private readonly ModelFile file;
    private readonly string folder;
    private readonly ReadOnlyMemory<byte> content;

    private ModelKey(ModelFile file, string folder, string path, ReadOnlyMemory<byte> content)
    {
        this.file = file;
        this.folder = folder;
        this.content = content;
        Path = path;
        if (content.Length < HeaderLength || UInt64At(0) != Magic)
            throw ModelFault.Corrupt(file.Name, Path, "it does not begin as an ML.NET component does");
        Version = BinaryPrimitives.ReadUInt32LittleEndian(content.Span[0x48..]);
        ReadableVersion = BinaryPrimitives.ReadUInt32LittleEndian(content.Span[0x4C..]);
        Signature = Encoding.Latin1.GetString(content.Span.Slice(0x50, 24)).TrimEnd('\0');
        if (Signature.Length == 0)
            throw ModelFault.Corrupt(file.Name, Path, "it does not say what component it is");
    }

    /// <summary>The name of its entry in the zip.</summary>
    public string Path { get; }

    /// <summary>ML.NET's loader signature, such as <c>TransformerChain</c>.</summary>
    public string Signature { get; }

    /// <summary>The version of the layout it was written in, such as 0x00010002.</summary>
    public uint Version { get; }

    /// <summary>The oldest version a reader may know and still read it.</summary>
    public uint ReadableVersion { get; }

    /// <summary>Every component of a model file, containers before what they hold.</summary>
    public static IEnumerable<ModelKey> All(ModelFile file) =>
        from entry in file.Entries
        where entry[(entry.LastIndexOf('/') + 1)..] is FileName or BinaryFileName
        let folder = entry[..Math.Max(0, entry.LastIndexOf('/'))]
        orderby folder.Replace('/', '\u0001') // before any other character, so that a folder precedes what is in it
        group folder by folder into component
        select Find(file, component.Key);

    /// <summary>The component in a folder, or null when there is none.</summary>
    public static ModelKey? Find(ModelFile file, string folder)
    {
        foreach (var name in (ReadOnlySpan<string>)[FileName, BinaryFileName])
        {
            var path = folder.Length == 0 ? name : $"{folder}/{name}";
            if (file.Entry(path) is { } content)
                return new ModelKey(file, folder, path, content);
        }

        return null;
    }

    /// <summary>The component in a folder below this one.</summary>
    public ModelKey Below(string name) => FindBelow(name) ?? throw Fault($"it has no {name}/{FileName}");

    /// <summary>The component in a folder below this one, or null when there is none.</summary>
    public ModelKey? FindBelow(string name) => folder.AsSpan().Count('/') < DeepestFolder
        ? Find(file, folder.Length == 0 ? name : $"{folder}/{name}")
        : throw Fault($"components are nested more than {DeepestFolder} deep");

    /// <summary>A zip entry beside its <c>Model.key</c> that is no component, with what messages need.</summary>
    public (string File, string Path, ReadOnlyMemory<byte> Content) Entry(string name)
    {
        var path = folder.Length == 0 ? name : $"{folder}/{name}";
        return (file.Name, path, file.Entry(path) ?? throw Fault($"it has no {name}"));
    }

    /// <summary>Starts reading its block.</summary>
    public BlockReader Open()
    {
        var block = Section("block", Int64At(0x10), Int64At(0x18));
        return new BlockReader(file.Name, Path, block, Strings());
    }

    /// <summary>The error for a component that is sound but asks for something this engine does not do.</summary>
    public UnsupportedStepException Unsupported(string what) => new($"{Path} ({Signature}) {what}");

    /// <summary>Insists that it was written in a layout not newer than the one known here.</summary>
    public void Expect(uint newestKnown)
    {
        if (ReadableVersion > newestKnown)
            throw Unsupported($"is written in layout {ReadableVersion:X8}, newer than {newestKnown:X8}");
    }

    /// <summary>The error for a component whose content cannot be right.</summary>
    public BatchScorerException Fault(string what) => ModelFault.Corrupt(file.Name, $"{Path} ({Signature})", what);

    private string[] Strings()
    {
        if (Int64At(0x20) == 0)
            return [];
        var ends = MemoryMarshal.Cast<byte, long>(Section("string table", Int64At(0x20), Int64At(0x28)).Span);
        var characters = Section("string characters", Int64At(0x30), Int64At(0x38)).Span;
        var strings = new string[ends.Length];
        long start = 0;
        for (var i = 0; i < strings.Length; i++)
        {
            if (ends[i] < start || ends[i] > characters.Length || ends[i] % sizeof(char) != 0)
                throw ModelFault.Corrupt(file.Name, Path, $"string {i} lies outside the string table");
            strings[i] = Encoding.Unicode.GetString(characters[(int)start..(int)ends[i]]);
            start = ends[i];
        }

        return strings;
    }

    private ReadOnlyMemory<byte> Section(string name, long start, long length) =>
        start >= HeaderLength && length >= 0 && start <= content.Length && length <= content.Length - start
            ? content.Slice((int)start, (int)length)
            : throw ModelFault.Corrupt(file.Name, Path, $"its {name} lies outside the file");

    private ulong UInt64At(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(content.Span[offset..]);

    private long Int64At(int offset) => BinaryPrimitives.ReadInt64LittleEndian(content.Span[offset..]);
}
