using System.ComponentModel.DataAnnotations;

namespace BatchScorer.Jobs.Json;

/// <summary>Says that a text is an address that is safe to post to: https, or http on the machine itself, without a user in it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WebAddressAttribute : ValidationAttribute
{
    private const int MostCharacters = 2000;

    public WebAddressAttribute() => ErrorMessage = "an address such as \"https://alarms.example.org/hook\"; http only on the machine itself, and no user or password in it";

    public override bool IsValid(object? value) => value is string { Length: <= MostCharacters } text
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.UserInfo.Length == 0;
}
