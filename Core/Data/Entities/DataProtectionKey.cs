namespace Platform.Core.Data.Entities;

/// <summary>One key of ASP.NET Core Data Protection, shared by all processes and part of a backup.</summary>
public sealed class DataProtectionKey
{
    public int Id { get; set; }

    public string? FriendlyName { get; set; }

    public required string Xml { get; set; }
}
