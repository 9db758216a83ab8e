using System.Globalization;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace Platform.Api.Mail.Delivery;

/// <summary>Writes mails to a folder as <c>.eml</c> files, oldest name first. A file appears when it is whole.</summary>
internal sealed class FolderTransport(IOptions<MailOptions> options, TimeProvider time) : IMailTransport
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Folder => Path.GetFullPath(options.Value.OutboxPath ?? Path.Combine(Path.GetTempPath(), "autostack-mail"));

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var partial = Path.Combine(Folder, $".{mail.Id:N}-{Guid.NewGuid():N}");
        Create(Folder);
        Create(partial);
        try
        {
            using var message = mail.ToMessage();
            using var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = partial };
            await client.SendMailAsync(message, cancellationToken);
            var name = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd'T'HHmmssfff}-{mail.Id:N}.eml");
            File.Move(Directory.GetFiles(partial).Single(), Path.Combine(Folder, name), overwrite: true);
        }
        finally
        {
            Directory.Delete(partial, recursive: true);
        }
    }

    // Links and codes are in there.
    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly);
    }
}
