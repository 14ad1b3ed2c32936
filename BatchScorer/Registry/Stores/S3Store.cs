using System.Net;
using System.Net.Mime;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using BatchScorer.Errors;

namespace BatchScorer.Registry.Stores;

/// <summary>A store that is a bucket of Amazon S3, or of another service that speaks its protocol.</summary>
internal sealed class S3Store : IModelFileStore
{
    private readonly string bucket;
    private readonly string prefix;
    private readonly StoreLimits limits;
    private readonly AmazonS3Client client;

    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">What the files' keys begin with: empty, or ends in <c>/</c>.</param>
    /// <param name="endpoint">The service's address, asked by path style; null for Amazon's own.</param>
    /// <param name="credentials">Who asks; null for what the AWS SDK finds in its environment.</param>
    /// <param name="limits">How long to wait.</param>
    /// <exception cref="BatchScorerException">There is neither an endpoint nor a region.</exception>
    public S3Store(string bucket, string prefix, Uri? endpoint, AWSCredentials? credentials, StoreLimits limits)
    {
        this.bucket = bucket;
        this.prefix = prefix;
        this.limits = limits;
        var settings = new AmazonS3Config
        {
            // Waiting and trying again are the same for every store, and the hash of each file is compared. Not every service knows the
            // checksums that the SDK would add.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (endpoint is not null)
        {
            settings.AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
            settings.ServiceURL = endpoint.ToString();
            settings.ForcePathStyle = true;
        }
        else if (settings.RegionEndpoint is null)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"The region of the bucket s3://{bucket} is not known: set AWS_REGION, or BatchScorer:ModelStoreEndpoint for a service other than Amazon's.");
        }

        client = credentials is null ? new AmazonS3Client(settings) : new AmazonS3Client(credentials, settings);
    }

    public string PlaceOf(string sha256) => $"s3://{bucket}/{KeyOf(sha256)}";

    public Task<byte[]?> FindAsync(string sha256, CancellationToken cancellationToken) => TellingAsync(sha256, async place =>
    {
        try
        {
            var request = new GetObjectRequest { BucketName = bucket, Key = KeyOf(sha256) };
            using var answer = await TimeLimit.WithinAsync(limits.Silence, place, token => client.GetObjectAsync(request, token), cancellationToken);
            return (byte[]?)await StoreBody.ReadAsync(place, answer.ResponseStream, answer.ContentLength, limits.Silence, cancellationToken);
        }
        catch (AmazonS3Exception missing) when (missing is { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" })
        {
            return null;
        }
    });

    public Task AddAsync(string sha256, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => TellingAsync(sha256, async place =>
    {
        using var content = new MemoryStream(bytes.ToArray(), writable: false);
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = KeyOf(sha256),
            InputStream = content,
            ContentType = MediaTypeNames.Application.Zip,
            UseChunkEncoding = false,
        };
        return await TimeLimit.WithinAsync(limits.UploadTime(bytes.Length), place, token => client.PutObjectAsync(request, token), cancellationToken);
    });

    public void Dispose() => client.Dispose();

    private string KeyOf(string sha256) => prefix + StoreKey.Of(sha256);

    private async Task<T> TellingAsync<T>(string sha256, Func<string, Task<T>> work)
    {
        var place = PlaceOf(sha256);
        try
        {
            return await work(place);
        }
        catch (AmazonServiceException cause) when (cause.StatusCode != 0)
        {
            throw new StoreFault(place, $"it answers {(int)cause.StatusCode} {cause.ErrorCode}: {cause.Message}", StatusCodes.CanPass(cause.StatusCode), cause);
        }
        catch (Exception cause) when (cause is AmazonServiceException or HttpRequestException or IOException)
        {
            throw new StoreFault(place, cause.GetBaseException().Message, canPass: true, cause);
        }
        catch (AmazonClientException cause)
        {
            throw new StoreFault(place, cause.Message, canPass: false, cause);
        }
    }
}
