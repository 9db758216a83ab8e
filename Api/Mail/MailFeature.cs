using System.Net.Mail;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Api.Mail.Delivery;
using Platform.Api.Mail.Outbox;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.Mail;

internal static partial class MailFeature
{
    public static IHostApplicationBuilder AddMail(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<MailOptions>(MailOptions.SectionName)
            .Validate(options => MailAddress.TryCreate(options.From, out _), "SMTP_FROM (Mail:From) must be an address such as Name <name@example.com>.");
        services.AddValidatedOptions<SmtpOptions>(SmtpOptions.SectionName)
            .Validate(
                options => options.StartTls || string.IsNullOrEmpty(options.Password),
                "SMTP_PASS (Smtp:Password) is not sent without encryption: leave it out, or leave Smtp:StartTls on.");
        services.AddSingleton<PublicLinks>();
        services.AddSingleton<MailSeal>();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<FolderTransport>();
        services.AddSingleton<IMailTransport>(ChooseTransport);
        services.AddScoped<OutboxMailer>();
        services.AddScoped<IMailer>(provider => provider.GetRequiredService<OutboxMailer>());
        services.AddScoped<IMailRequests>(provider => provider.GetRequiredService<OutboxMailer>());
        services.AddScoped<MailOutbox>();
        services.AddScoped<IAccountRemoval, MailsRemoval>();
        services.AddHostedService<MailSender>();
        return builder;
    }

    private static IMailTransport ChooseTransport(IServiceProvider provider)
    {
        var smtp = provider.GetRequiredService<IOptions<SmtpOptions>>();
        if (smtp.Value.IsConfigured) return new SmtpTransport(smtp);
        var folder = provider.GetRequiredService<FolderTransport>();
        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MailFeature).FullName!);
        Log.ToFolder(logger, provider.GetRequiredService<IHostEnvironment>().IsDevelopment() ? LogLevel.Information : LogLevel.Warning, folder.Folder);
        return folder;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "SMTP_HOST is not set: mails are written to {Folder} and sent to nobody")]
        public static partial void ToFolder(ILogger logger, LogLevel level, string folder);
    }
}
