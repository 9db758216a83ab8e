using Platform.Api.Common.Mail;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.Mail;

internal static class MailFeature
{
    public static IHostApplicationBuilder AddMail(this IHostApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<MailOptions>(MailOptions.SectionName);
        builder.Services.AddSingleton<IMailer, FolderMailer>();
        return builder;
    }
}
