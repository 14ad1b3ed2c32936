using System.Security.Cryptography;
using BatchScorer.Errors;

namespace BatchScorer.Models;

/// <summary>
/// A model file, read once into memory: its bytes, their hash, and what its zip entries hold.
/// Both engines load from here, so that what is scored is what was hashed.
/// </summary>
internal sealed class ModelFile
{
    /// <summary>Largest model file, in bytes: 512 MB.</summary>
    public const int MaximumLength = 512 << 20;

    private readonly Dictionary<string, byte[]> entries;

    private ModelFile(string name, byte[] bytes)
    {
        Name = name;
        Bytes = bytes;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        entries = ModelArchive.Inflate(name, bytes);
    }

    /// <summary>The path it was read from, or what else messages are to call it.</summary>
    public string Name { get; }

    /// <summary>The file as it is.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Names of the zip's entries, with <c>/</c> between folders.</summary>
    public IReadOnlyCollection<string> Entries => entries.Keys;

    /// <summary>Reads a model file from disk.</summary>
    /// <exception cref="BatchScorerException">It is missing, out of reach, too large, or no sound zip.</exception>
    public static ModelFile Read(string path)
    {
        if (Directory.Exists(path))
            throw ModelFault.In(path, "is a folder; expected a model.zip saved by ML.NET");
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaximumLength)
                throw ModelFault.In(path, $"is {stream.Length:N0} bytes long; at most {MaximumLength:N0} are read");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return new ModelFile(path, bytes);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ModelFault.In(path, "does not exist; check the path, which is relative to the job file or the working folder", missing);
        }
        catch (Exception unreachable) when (unreachable is IOException or UnauthorizedAccessException)
        {
            throw new BatchScorerException(ExitCode.Unavailable, $"model file {path}: cannot be read: {unreachable.Message}", unreachable);
        }
    }

    /// <summary>Takes a model that is in memory already; the array must not change afterwards.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="BatchScorerException">It is too large or no sound zip.</exception>
    public static ModelFile FromBytes(string name, byte[] bytes) =>
        bytes.Length <= MaximumLength
            ? new ModelFile(name, bytes)
            : throw ModelFault.In(name, $"is {bytes.Length:N0} bytes long; at most {MaximumLength:N0} are read");

    /// <summary>The inflated content of an entry, or null when there is no such entry.</summary>
    public ReadOnlyMemory<byte>? Entry(string name) =>
        entries.TryGetValue(name, out var content) ? content : default(ReadOnlyMemory<byte>?);
}
