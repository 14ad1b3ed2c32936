using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BatchScorer.Tests.Models;

namespace BatchScorer.Tests.BadInput;

/// <summary>
/// A model file that the corpus describes: a golden model, and line by line what is done to it. An entry is named as in the zip,
/// <c>Model.key</c> left out. <c>int</c>, <c>long</c>, <c>float</c> and <c>hex</c> write at a place in an entry, <c>256</c> being
/// where a component's own block begins; <c>swap</c> exchanges a text for one as long, in either encoding that models have.
/// Lines that begin with <c>file</c> change the zip itself, and come last.
/// </summary>
internal sealed class ModelRecipe
{
    private const string Component = "Model.key";

    private readonly List<(string Name, byte[] Content)> entries;
    private byte[]? zip;

    private ModelRecipe(string golden) => entries = TestZip.Entries(GoldenCase.Of(golden).First().ReadModel().Bytes.ToArray());

    /// <summary>Follows a recipe, whose first line names the golden model.</summary>
    public static byte[] Make(string[] lines)
    {
        var recipe = new ModelRecipe(lines[0]);
        foreach (var line in lines[1..])
            recipe.Do(line.Split(' '));
        return recipe.zip ?? TestZip.Of(recipe.entries);
    }

    private void Do(string[] words)
    {
        if (words[0] == "file")
        {
            zip = ChangeFile(zip ?? TestZip.Of(entries), words);
            return;
        }

        if (words[0] == "only")
        {
            entries.RemoveAll(entry => entry.Name != words[1]);
            return;
        }

        if (words[0] == "add")
        {
            entries.Add((words[1], Encoding.UTF8.GetBytes(string.Join(' ', words[2..]))));
            return;
        }

        var index = entries.FindIndex(entry => entry.Name == words[1] || entry.Name == $"{words[1]}/{Component}");
        var (name, content) = entries[index];
        if (words[0] == "drop")
            entries.RemoveAt(index);
        else if (words[0] == "twice")
            entries.Add((name.Replace('/', '\\'), content));
        else if (words[0] == "rename")
            entries[index] = (words[2], content);
        else
            entries[index] = (name, ChangeEntry(content, words));
    }

    private static byte[] ChangeEntry(byte[] content, string[] words)
    {
        if (words[0] == "cut")
            return content[..Number(words[2])];
        if (words[0] == "signature")
            Encoding.Latin1.GetBytes(words[2].PadRight(24, '\0')).CopyTo(content, 0x50);
        else if (words[0] == "swap")
            return Swap(content, words[2], words[3]);
        else
            Value(words[0], string.Concat(words[3..])).CopyTo(content, Number(words[2]));
        return content;
    }

    private static byte[] Value(string type, string value) => type switch
    {
        "int" => BitConverter.GetBytes(int.Parse(value, CultureInfo.InvariantCulture)),
        "long" => BitConverter.GetBytes(long.Parse(value, CultureInfo.InvariantCulture)),
        "float" => BitConverter.GetBytes(float.Parse(value, CultureInfo.InvariantCulture)),
        "hex" => Convert.FromHexString(value),
        _ => throw new ArgumentException($"There is no recipe \"{type}\"."),
    };

    private static byte[] Swap(byte[] content, string old, string replacement)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
        {
            if (content.AsSpan().IndexOf(encoding.GetBytes(old)) is >= 0 and var at)
            {
                encoding.GetBytes(replacement).CopyTo(content, at);
                return content;
            }
        }

        throw new ArgumentException($"There is no \"{old}\".");
    }

    private static byte[] ChangeFile(byte[] zip, string[] words)
    {
        switch (words[1])
        {
            case "cut":
                return zip[..Number(words[2])];
            case "is":
                return ByteRecipe.Make([string.Join(' ', words[2..])]);
            case "after":
                return [.. ByteRecipe.Make([string.Join(' ', words[2..])]), .. zip];
            case "declares": // the inflated length that the zip's directory has for its last entry
                BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(Directory(zip) + 24), uint.Parse(words[2], CultureInfo.InvariantCulture));
                return zip;
            case "checksum":
                zip[Directory(zip) + 16] ^= 1;
                return zip;
            case "method":
                zip[Directory(zip) + 10] = (byte)Number(words[2]);
                return zip;
            default:
                throw new ArgumentException($"There is no recipe \"file {words[1]}\".");
        }
    }

    private static int Directory(byte[] zip) => zip.AsSpan().LastIndexOf("PK\x01\x02"u8);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
