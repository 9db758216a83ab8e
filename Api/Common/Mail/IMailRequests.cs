namespace Platform.Api.Common.Mail;

/// <summary>
/// Takes the wish for a mail to an address that may be unknown. Taking it costs the same whoever asks: the account is looked up later, in the
/// background, so that neither the answer nor its time tells whether there is one.
/// </summary>
internal interface IMailRequests
{
    /// <summary>Hands the wish over; it survives this process.</summary>
    /// <param name="purpose">Whose <see cref="IMailRequestHandler"/> it is for.</param>
    /// <param name="address">The address as it was given.</param>
    /// <param name="cancellationToken">Stops handing it over.</param>
    Task AddAsync(string purpose, string address, CancellationToken cancellationToken);
}

/// <summary>Writes the mail that somebody wished for, when there is an account to write to.</summary>
internal interface IMailRequestHandler
{
    /// <summary>The purpose that this one knows.</summary>
    string Purpose { get; }

    /// <summary>May be called again for the same wish when the process died in the middle.</summary>
    Task HandleAsync(string address, CancellationToken cancellationToken);
}
