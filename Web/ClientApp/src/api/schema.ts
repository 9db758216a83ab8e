/* Written by "npm run types" from the Api's OpenAPI document: not by hand. */

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Everything that is stored about an account. Secrets are named, not told. */
        AccountExportResponse: {
            profile: null | components["schemas"]["ProfileResponse"];
            preferences: components["schemas"]["PreferencesResponse"];
            sessions: components["schemas"]["ExportedSessionResponse"][];
            projects: components["schemas"]["ExportedProjectResponse"][];
            deployments: components["schemas"]["ExportedDeploymentResponse"][];
            installations: components["schemas"]["ExportedInstallationResponse"][];
            events: components["schemas"]["ExportedEventResponse"][];
        };
        AddDomainRequest: {
            host: null | string;
        };
        /** @description One account and how much hangs on it. */
        AdminUserDetailResponse: {
            user: components["schemas"]["AdminUserResponse"];
            /** Format: date-time */
            lastSeenAt: null | string;
            /** Format: int32 */
            sessions: number;
            /** Format: int32 */
            apiTokens: number;
            /** Format: int32 */
            organizations: number;
            /** Format: int32 */
            projects: number;
        };
        AdminUserListResponse: {
            users: components["schemas"]["AdminUserResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
            /** @description For the next page; null: this is the last one. */
            nextCursor: null | string;
        };
        AdminUserResponse: {
            /** Format: uuid */
            id: string;
            name: string;
            email: string;
            emailVerified: boolean;
            role: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            disabledAt: null | string;
        };
        ApiScopeListResponse: {
            /** @description The catalogue. */
            scopes: components["schemas"]["ApiScopeResponse"][];
            /**
             * Format: int32
             * @description The longest life of a token; null: it may be good for ever.
             */
            maxDays: null | number;
        };
        ApiScopeResponse: {
            name: string;
            description: string;
            includes: null | string;
            /** @description Not for a token that is restricted to an organisation. */
            personal: boolean;
        };
        ApiTokenListResponse: {
            tokens: components["schemas"]["ApiTokenResponse"][];
        };
        ApiTokenResponse: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description How the token begins. */
            hint: string;
            scopes: string[];
            /** Format: uuid */
            organizationId: null | string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: null | string;
            expired: boolean;
            /**
             * Format: date-time
             * @description Correct to about a minute.
             */
            lastUsedAt: null | string;
            lastUsedIp: null | string;
        };
        ApprovalResponse: {
            /** Format: uuid */
            id: string;
            status: string;
            approval: string;
        };
        AuditActorResponse: {
            /** Format: uuid */
            id: string;
            /** @description Null: the account is gone. */
            name: null | string;
            email: null | string;
        };
        AuditEventResponse: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            timestamp: string;
            action: string;
            actor: null | components["schemas"]["AuditActorResponse"];
            targetType: null | string;
            targetId: null | string;
            /**
             * Format: uuid
             * @description The person or organisation that it concerns beside the actor.
             */
            owner: null | string;
            /** @description Where it came from; of what others did to one's own account it is not shown. */
            ipAddress: null | string;
            userAgent: null | string;
            details: {
                [key: string]: string;
            };
        };
        AuditListResponse: {
            events: components["schemas"]["AuditEventResponse"][];
            /** @description For the next page; null: this is the last one. */
            nextCursor: null | string;
        };
        AuthResponse: {
            user: components["schemas"]["UserResponse"];
            accessToken: string;
            refreshToken: string;
            /**
             * Format: int32
             * @description Seconds until the access token ends.
             */
            expiresIn: number;
            /** @description For the header X-CSRF-Token of requests by cookie. */
            csrfToken: string;
        };
        AvatarResponse: {
            avatarUrl: string;
        };
        BatchItemResponse: {
            /**
             * Format: int32
             * @description Its place in the request.
             */
            index: number;
            /**
             * Format: uuid
             * @description What it is known by; null when it was refused.
             */
            id: null | string;
            /** @description `queued`, or null when it was refused. */
            status: null | string;
            /** @description The messages of each field; null when it was accepted. */
            errors: null | {
                [key: string]: string[];
            };
        };
        /** @description The runs of a batch that were accepted. */
        BatchResponse: {
            /** Format: uuid */
            batchId: string;
            completed: boolean;
            executions: components["schemas"]["ExecutionResponse"][];
        };
        BranchListResponse: {
            branches: components["schemas"]["BranchResponse"][];
            defaultBranch: string;
            /** Format: int32 */
            currentPage: number;
            hasNext: boolean;
        };
        BranchResponse: {
            name: string;
            commit: string;
            protected: boolean;
        };
        ChangeEmailRequest: {
            email: null | string;
            password: null | string;
            code: null | string;
        };
        ChangeEmailResponse: {
            /** @description The new address, which got a mail. */
            email: string;
            /**
             * Format: int32
             * @description Seconds until link and code end.
             */
            expiresIn: number;
        };
        ChangePasswordRequest: {
            /** @description Not needed by an account that has none yet and signed in just now. */
            currentPassword: null | string;
            newPassword: null | string;
            /** @description Of the authenticator app, for an account without a password. */
            code: null | string;
        };
        ChangeRoleRequest: {
            /** @description `viewer`, `developer`, `admin` or `owner`. */
            role: null | string;
        };
        ChangeSiteRoleRequest: {
            /** @description `user` or `admin`. */
            role: null | string;
        };
        CommitListResponse: {
            commits: components["schemas"]["CommitResponse"][];
            /** Format: int32 */
            currentPage: number;
            hasNext: boolean;
        };
        CommitResponse: {
            sha: string;
            message: string;
            author: null | string;
            /** Format: date-time */
            date: null | string;
        };
        /** @description What the compiler said and used. */
        CompileResponse: {
            /** @description Both of its outputs. */
            output: string;
            /** @description `utf8`, or `base64` for output that is no UTF-8. */
            encoding: string;
            /** @description The output was cut off. */
            truncated: boolean;
            /**
             * Format: int32
             * @description Null when a signal ended it.
             */
            exitCode: null | number;
            /** @description Name of the signal that ended it, or null. */
            signal: null | string;
            /**
             * Format: double
             * @description Milliseconds from start to end.
             */
            timeMs: number;
            /**
             * Format: double
             * @description Milliseconds of CPU time.
             */
            cpuTimeMs: number;
            /**
             * Format: int64
             * @description Most memory the sandbox used until then, in KiB.
             */
            memoryKb: number;
        };
        /** @description One of the two. */
        ConfirmEmailRequest: {
            /** @description From the mailed link; works in any browser. */
            token: null | string;
            /** @description The mailed number, typed in by who asked for the change. */
            code: null | string;
        };
        ConnectGitHubRequest: {
            /** @description The page to come back to; the settings when it is left out. */
            returnUrl: null | string;
        };
        ConnectGitHubResponse: {
            /** @description Where to send the browser. */
            url: string;
        };
        /** @enum {unknown} */
        ContentEncoding: "utf8" | "base64" | "hex" | null;
        CreateApiTokenRequest: {
            /** @description What it is for. */
            name: null | string;
            /** @description What it may do: words of the catalogue. */
            scopes: null | string[];
            /**
             * Format: int32
             * @description How long it is good; left out: 90 days.
             */
            expiresInDays?: null | number;
            /** @description Good until it is revoked, where the installation allows that. */
            neverExpires?: null | boolean;
            /**
             * Format: uuid
             * @description Works only on things of this organisation.
             */
            organizationId?: null | string;
        };
        /** @description A new deployment. Null or empty commands and directories are detected from the repository. */
        CreateDeploymentRequest: {
            /** @description An https Git URL, or `sample:name`; in Development also `file://` and the path of a bare repository. */
            repository: null | string;
            /** @description The branch to deploy. */
            branch: null | string;
            /** @description Directory of the project in the repository. */
            rootDir?: null | string;
            /** @description Fetches dependencies. */
            installCommand?: null | string;
            /** @description Makes the output. */
            buildCommand?: null | string;
            /** @description Directory of the output, relative to the root directory. */
            outputDir?: null | string;
            /** @description Environment of the build: an object, or lines of `NAME=value`. */
            envVars?: unknown;
            /**
             * Format: uuid
             * @description Whom it belongs to, an organisation; without it the caller.
             */
            owner?: null | string;
            /** @description Node version of builds, such as `22`; without it what the project has, or the repository says. */
            nodeVersion?: null | string;
        };
        CreateOrganizationRequest: {
            /** @description Shown to people. */
            name: null | string;
            /** @description Its name in addresses; made from the name when left out. */
            slug?: null | string;
        };
        /** @description A new project, without a deployment. */
        CreateProjectRequest: {
            /** @description Host-name label of the site; without it made of the name. */
            slug?: null | string;
            /**
             * Format: uuid
             * @description Whom it belongs to; without it the caller.
             */
            owner?: null | string;
            /** @description Shown to people; a new project without it is called as its repository. */
            name?: null | string;
            /** @description As in a new deployment. */
            repository?: null | string;
            /** @description The branch that production is built from. */
            branch?: null | string;
            /** @description Directory of the project in the repository. */
            rootDir?: null | string;
            /** @description Fetches dependencies. */
            installCommand?: null | string;
            /** @description Makes the output. */
            buildCommand?: null | string;
            /** @description Directory of the output, relative to the root directory. */
            outputDir?: null | string;
            /** @description Node version of builds, such as `22`; without it what the repository says. */
            nodeVersion?: null | string;
            /** @description Check out submodules, too. */
            submodules?: null | boolean;
            /** @description A push deploys. */
            autoDeploy?: null | boolean;
            /** @description Globs; only a push that touches one of them deploys. */
            watchPaths?: null | string[];
        };
        /** @description A new snippet: one source in `code`, or several `files`, the first of which is the main one. */
        CreateSnippetRequest: {
            /** @description One line. */
            title: null | string;
            /** @description Id or alias of a language. */
            language: null | string;
            code?: null | string;
            files?: null | components["schemas"]["SnippetFileRequest"][];
            description?: null | string;
            tags?: null | string[];
            visibility?: null | components["schemas"]["SnippetVisibility"];
            stdin?: null | string;
            args?: null | string[];
            /**
             * Format: uuid
             * @description An organisation of the caller; nothing: the caller.
             */
            owner?: null | string;
        };
        CreateWebhookRequest: {
            /** @description Where to. */
            url: null | string;
            /** @description What is told: `deployment.queued`, `.building`, `.succeeded`, `.failed`, `.cancelled`, `.promoted`. */
            events: null | string[];
            /** @description Told of all projects of the owner, later ones as well; else of this one. */
            allProjects: null | boolean;
        };
        CreatedApiTokenResponse: {
            /** @description Shown this once. */
            token: string;
            /** @description What the list shows of it. */
            details: components["schemas"]["ApiTokenResponse"];
        };
        /** @description The figures of the dashboard, over everything that the caller may see. */
        DashboardFiguresResponse: {
            /**
             * Format: int64
             * @description All there are.
             */
            totalDeployments: number;
            /** @description How many of them are of the last seven days: `+3`. */
            weeklyChange: string;
            /**
             * Format: int64
             * @description Projects that serve a site.
             */
            activeProjects: number;
            /**
             * Format: int64
             * @description Deployments since midnight, UTC.
             */
            todayDeployments: number;
            /**
             * Format: int32
             * @description Successful ones of those that ended well or badly in the last 30 days, in percent; null without any.
             */
            successRate: null | number;
            /**
             * Format: int32
             * @description Points against the 30 days before; null when one of the two is missing.
             */
            monthlySuccessChange: null | number;
            /** @description Of the successful ones of the last 30 days: `42s`, `2.4m`; null without any. */
            avgDeployTime: null | string;
            /** @description Seconds against the 30 days before, negative when faster: `-18s`; null when one of the two is missing. */
            timeImprovement: null | string;
        };
        DashboardStatsResponse: {
            stats: components["schemas"]["DashboardFiguresResponse"];
        };
        DeliveryListResponse: {
            deliveries: components["schemas"]["DeliveryResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
        };
        DeliveryProjectResponse: {
            /** Format: uuid */
            projectId: string;
            project: string;
            outcome: string;
            reason: null | string;
            /** Format: uuid */
            deploymentId: null | string;
        };
        DeliveryResponse: {
            /** Format: uuid */
            id: string;
            deliveryId: string;
            event: string;
            action: null | string;
            repository: null | string;
            status: string;
            reason: null | string;
            /** Format: int32 */
            attempts: number;
            /** Format: date-time */
            receivedAt: string;
            projects: components["schemas"]["DeliveryProjectResponse"][];
        };
        DeployProjectRequest: {
            /** @description Another branch than the project's own becomes a preview. */
            branch?: null | string;
            /** @description False: without what earlier builds left. */
            useCache?: null | boolean;
        };
        /** @description One deployment with its stages and the end of its log. */
        DeploymentDetailResponse: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            owner: string;
            /** Format: uuid */
            projectId: string;
            project: string;
            repo: string;
            branch: string;
            status: string;
            author: null | string;
            commit: null | string;
            commitMessage: null | string;
            duration: null | string;
            /** Format: date-time */
            timestamp: string;
            /** @description Production for what was built for it, otherwise the address of this deployment alone. */
            url: null | string;
            /** @description The address of this deployment alone. */
            immutableUrl: null | string;
            /** @description The address that always shows the newest success of its branch or pull request; null: there is none, or they are closed. */
            branchUrl: null | string;
            environment: string;
            /**
             * Format: int32
             * @description GitHub's number of the pull request that it previews.
             */
            pullRequest: null | number;
            /** @description `waiting` or `approved` for what comes from a fork; otherwise null. */
            approval: null | string;
            useCache: boolean;
            inProduction: boolean;
            promotable: boolean;
            /** Format: int32 */
            queuePosition: null | number;
            error: null | components["schemas"]["DeploymentErrorResponse"];
            stages: components["schemas"]["DeploymentStageResponse"][];
            logs: string[];
            /** Format: int64 */
            logsTotal: number;
            /** Format: int64 */
            lastSeq: number;
        };
        DeploymentErrorResponse: {
            code: string;
            message: string;
            hint: null | string;
            line: null | string;
        };
        DeploymentItemResponse: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            owner: string;
            repo: string;
            branch: string;
            status: string;
            author: null | string;
            commit: null | string;
            duration: null | string;
            /** Format: date-time */
            timestamp: string;
            url: null | string;
            /** Format: uuid */
            projectId: string;
            environment: string;
            /** Format: int32 */
            pullRequest: null | number;
            approval: null | string;
        };
        DeploymentListResponse: {
            deployments: components["schemas"]["DeploymentItemResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
            nextCursor: null | string;
        };
        DeploymentStageResponse: {
            name: string;
            status: string;
            /** Format: date-time */
            timestamp: null | string;
            /** Format: date-time */
            completedAt: null | string;
            error: null | string;
        };
        DeviceSessionResponse: {
            /** Format: uuid */
            id: string;
            /** @description Browser and system, for people. */
            device: string;
            ipAddress: null | string;
            /** @description Whether it is the one that asks. */
            current: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastSeenAt: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /** @description An error or a warning. */
        DiagnosticResponse: {
            /** @description The file, as the request names it; null when the tool named none. */
            file: null | string;
            /**
             * Format: int32
             * @description From 1; null when the tool named none.
             */
            line: null | number;
            /**
             * Format: int32
             * @description From 1; null when the tool named none.
             */
            column: null | number;
            /** @description How bad it is. */
            severity: components["schemas"]["DiagnosticSeverity"];
            /** @description What is wrong. */
            message: string;
            /** @description The tool's name for it, such as `E0308` or `SyntaxError`, or null. */
            code: null | string;
        };
        /** @enum {unknown} */
        DiagnosticSeverity: "error" | "warning" | "info";
        DnsRecordResponse: {
            type: string;
            name: string;
            value: string;
        };
        DomainListResponse: {
            domains: components["schemas"]["DomainResponse"][];
        };
        DomainResponse: {
            /** Format: uuid */
            id: string;
            host: string;
            status: string;
            primary: boolean;
            /** @description What the last look found, for people. */
            problem: null | string;
            /** @description The TXT record that shows control. */
            record: components["schemas"]["DnsRecordResponse"];
            /** @description Or the host name that an alias has to lead to. */
            alias: string;
            /** Format: date-time */
            verifiedAt: null | string;
            /** Format: date-time */
            checkedAt: null | string;
        };
        EmailOnlyRequest: {
            email: null | string;
        };
        EmailResponse: {
            email: string;
        };
        EmailVerifiedResponse: {
            emailVerified: boolean;
        };
        EnableTwoFactorRequest: {
            /** @description Of the authenticator app. */
            code: null | string;
        };
        EnvironmentResponse: {
            production: components["schemas"]["VariableResponse"][];
            preview: components["schemas"]["VariableResponse"][];
        };
        ErrorContentResponse: {
            /** @description For programs, for example `DEPLOYMENT_NOT_FOUND`. */
            code: string;
            /** @description For people. */
            message: string;
            /**
             * Format: int32
             * @description The HTTP status again, for clients that keep only the body.
             */
            statusCode: number;
            /** @description More for programs; with `VALIDATION_ERROR` the messages of each field. Empty when there is nothing to add. */
            details: Record<string, never>;
        };
        /** @description The body of every answer that is not a success. */
        ErrorResponse: {
            error: components["schemas"]["ErrorContentResponse"];
        };
        /** @description Several requests at a time. */
        ExecuteBatchRequest: {
            /** @description As for one; all are run without a waiting caller. */
            executions: null | components["schemas"]["ExecuteRequest"][];
        };
        /** @description What became of the requests. */
        ExecuteBatchResponse: {
            /** Format: uuid */
            batchId: string;
            executions: components["schemas"]["BatchItemResponse"][];
        };
        /** @description Who is told about the end of a run. */
        ExecuteCallbackRequest: {
            /** @description Gets a POST with the execution as JSON. */
            url: null | string;
            /** @description Key of the signature in the header `X-Autostack-Signature`. */
            secret: null | string;
        };
        /** @description A file of the program. */
        ExecuteFileRequest: {
            /** @description Relative, with `/`. The main file may have none: it is called as the language wants it. */
            name: null | string;
            /** @description What is in it. */
            content: null | string;
            encoding?: null | components["schemas"]["ContentEncoding"];
        };
        /** @description Limits; what is left out stays as the language has it. */
        ExecuteLimitsRequest: {
            /** Format: double */
            cpuSeconds?: null | number;
            /** Format: double */
            wallSeconds?: null | number;
            /** Format: double */
            compileSeconds?: null | number;
            /** Format: int32 */
            memoryMegabytes?: null | number;
            /** Format: int32 */
            processes?: null | number;
            /** Format: int32 */
            outputBytes?: null | number;
        };
        /** @enum {unknown} */
        ExecuteMode: "sync" | "async" | null;
        /** @description Code to run. */
        ExecuteRequest: {
            /** @description Id or alias of a language. */
            language: null | string;
            /** @description The program, when it is one file. */
            code?: null | string;
            /** @description Its standard input; nothing: an empty one. */
            stdin?: null | string;
            /** @description Its arguments. */
            args?: null | string[];
            /** @description The program, when it is several files; the first one is the main file. */
            files?: null | components["schemas"]["ExecuteFileRequest"][];
            stdinEncoding?: null | components["schemas"]["ContentEncoding"];
            /** @description Variables of its environment. */
            env?: null | {
                [key: string]: string;
            };
            limits?: null | components["schemas"]["ExecuteLimitsRequest"];
            /** @description Inputs to run it with, and what is expected; then `stdin` is not used. */
            tests?: null | components["schemas"]["ExecuteTestRequest"][];
            mode?: null | components["schemas"]["ExecuteMode"];
            callback?: null | components["schemas"]["ExecuteCallbackRequest"];
            /** @description Another word for `stdin`. */
            input?: null | string;
        };
        /** @description How a run ended. */
        ExecuteResponse: {
            /** Format: uuid */
            id: string;
            /** @description The verdict; with tests the first of theirs in the order of verdicts. */
            status: components["schemas"]["RunVerdict"];
            compile: null | components["schemas"]["CompileResponse"];
            /** @description One for each test of the request, in its order; null without tests. */
            tests: null | components["schemas"]["TestResponse"][];
            /**
             * Format: double
             * @description The share of the tests that are ok, from 0 to 1; null without tests.
             */
            score: null | number;
            /** @description What the program printed; of a run with tests that of the first one that is not ok, or of the last. */
            stdout: string;
            /** @description `utf8`, or `base64` for output that is no UTF-8. */
            stdoutEncoding: string;
            /** @description Errors that the program printed; those of the compiler when it refused the program. */
            stderr: string;
            /** @description `utf8`, or `base64` for output that is no UTF-8. */
            stderrEncoding: string;
            /**
             * Format: int32
             * @description Null when a signal ended the program.
             */
            exitCode: null | number;
            /** @description Name of the signal that ended the program, or null. */
            signal: null | string;
            /**
             * Format: double
             * @description Milliseconds from start to end of the program; of a run with tests those of the longest.
             */
            timeMs: number;
            /**
             * Format: double
             * @description Milliseconds of CPU time of all its processes; of a run with tests those of the longest.
             */
            cpuTimeMs: number;
            /**
             * Format: int64
             * @description Most memory the sandbox used, in KiB.
             */
            memoryKb: number;
            /** @description Which of the outputs were cut off. */
            truncated: components["schemas"]["TruncatedResponse"];
            /** @description One sentence about the verdict, or null. */
            message: null | string;
        };
        /** @description An input and what the program should make of it. */
        ExecuteTestRequest: {
            /** @description For people. */
            name?: null | string;
            /** @description Standard input. */
            stdin?: null | string;
            /** @description What it should print; nothing: any output is right as long as it ends well. */
            expected?: null | string;
            /** @description Arguments of this test instead of the request's. */
            args?: null | string[];
            encoding?: null | components["schemas"]["ContentEncoding"];
            checker?: null | components["schemas"]["OutputChecker"];
            tolerance?: null | components["schemas"]["FloatToleranceRequest"];
            /**
             * Format: double
             * @description Limit of this test instead of the request's.
             */
            cpuSeconds?: null | number;
            /**
             * Format: double
             * @description Limit of this test instead of the request's.
             */
            wallSeconds?: null | number;
        };
        /** @description A run that was accepted and not waited for. */
        ExecutionAcceptedResponse: {
            /** Format: uuid */
            id: string;
            status: string;
        };
        ExecutionCallbackResponse: {
            /** @description Who is told. */
            url: string;
            /** @description `waiting` for the end, `pending`, `delivered` or `failed`. */
            state: string;
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
        };
        /** @description A run as its owner sees it. */
        ExecutionResponse: {
            /**
             * Format: uuid
             * @description What it is known by.
             */
            id: string;
            /** @description Id of the language. */
            language: string;
            /** @description `sync` or `async`. */
            mode: string;
            /** @description `queued`, `compiling`, `running`; after the end the verdict. */
            status: string;
            /** @description It is over: the status changes no more. */
            completed: boolean;
            /** @description What it waits for, such as the build of an image; null when that is not known. */
            progress: null | string;
            /** @description It was taken back and is about to end. */
            cancelling: boolean;
            /**
             * Format: uuid
             * @description The batch that it came with, or null.
             */
            batchId: null | string;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When its compiler or program was started; null before.
             */
            startedAt: null | string;
            /**
             * Format: date-time
             * @description When it ended; null before.
             */
            completedAt: null | string;
            result: null | components["schemas"]["ExecuteResponse"];
            callback: null | components["schemas"]["ExecutionCallbackResponse"];
            request: null | components["schemas"]["ExecuteRequest"];
        };
        ExportedDeploymentResponse: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            projectId: string;
            status: string;
            branch: string;
            commitHash: null | string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            completedAt: null | string;
        };
        ExportedEventResponse: {
            action: string;
            targetType: null | string;
            targetId: null | string;
            ipAddress: null | string;
            userAgent: null | string;
            /** Format: date-time */
            createdAt: string;
        };
        ExportedInstallationResponse: {
            /** Format: int64 */
            installationId: number;
            accountLogin: string;
            accountType: string;
            /** Format: date-time */
            createdAt: string;
        };
        ExportedProjectResponse: {
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
            repository: string;
            branch: string;
            rootDir: string;
            /** Format: date-time */
            createdAt: string;
        };
        ExportedSessionResponse: {
            /** Format: uuid */
            id: string;
            userAgent: null | string;
            ipAddress: null | string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastSeenAt: string;
            /** Format: date-time */
            revokedAt: null | string;
        };
        /** @description A number is right when it is within either of the two of the expected one. */
        FloatToleranceRequest: {
            /** Format: double */
            absolute?: null | number;
            /** Format: double */
            relative?: null | number;
        };
        GitHubConnectionResponse: {
            /** @description This installation can be connected with GitHub; where not, nothing of it is shown. */
            available: boolean;
            /** @description This installation has a GitHub App to install. */
            appAvailable: boolean;
            /** @description An account is connected, and GitHub takes its token as far as is known. */
            connected: boolean;
            /** @description GitHub refused the token: connect again. */
            broken: boolean;
            username: null | string;
            /** @description What the token may do; empty for one of the App, which has permissions instead. */
            scopes: string[];
            /** Format: date-time */
            connectedAt: null | string;
            appInstalled: boolean;
            /** @description GitHub is where the account hosts, so that its repositories are listed. */
            repositoriesShown: boolean;
        };
        /** @description A run without its source and outputs. */
        HistoryItemResponse: {
            /** Format: uuid */
            id: string;
            language: string;
            mode: string;
            status: string;
            completed: boolean;
            /** Format: uuid */
            batchId: null | string;
            /** Format: double */
            timeMs: null | number;
            /** Format: int64 */
            memoryKb: null | number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            completedAt: null | string;
        };
        /** @description Runs of the past, newest first. */
        HistoryResponse: {
            /** @description This page. */
            executions: components["schemas"]["HistoryItemResponse"][];
            /** @description Where it stands. */
            pagination: components["schemas"]["PaginationResponse"];
            /** @description For `cursor`, to go on from here; null at the end. */
            nextCursor: null | string;
        };
        ImportSnippetsRequest: {
            /** @description As an export has them. */
            snippets: null | components["schemas"]["CreateSnippetRequest"][];
        };
        ImportSnippetsResponse: {
            ids: string[];
        };
        InvitationListResponse: {
            invitations: components["schemas"]["InvitationResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
        };
        /** @description What the bearer of an invitation is shown before they answer. */
        InvitationPreviewResponse: {
            organization: string;
            slug: string;
            email: string;
            role: components["schemas"]["OrganizationRole"];
            invitedBy: null | string;
            /** Format: date-time */
            expiresAt: string;
        };
        InvitationResponse: {
            /** Format: uuid */
            id: string;
            email: string;
            role: components["schemas"]["OrganizationRole"];
            invitedBy: null | string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
        };
        InvitationTokenRequest: {
            /** @description The one behind `#token=` in the mailed link. */
            token: null | string;
        };
        InviteRequest: {
            /** @description Need not have an account yet. */
            email: null | string;
            /** @description `viewer`, `developer`, `admin` or `owner`. */
            role: null | string;
        };
        /** @description A file of an example, as a request takes it. */
        LanguageFileResponse: {
            name: string;
            content: string;
        };
        /** @description Limits of a language's runs. */
        LanguageLimitsResponse: {
            /** Format: double */
            cpuSeconds: number;
            /** Format: double */
            wallSeconds: number;
            /** Format: double */
            compileSeconds: number;
            /** Format: int32 */
            memoryMegabytes: number;
            /** Format: int32 */
            processes: number;
            /** Format: int32 */
            outputBytes: number;
        };
        /** @description A language that code can be written in. */
        LanguageResponse: {
            /** @description What requests name. */
            id: string;
            /** @description For people. */
            name: string;
            /** @description Version of its tools. */
            version: string;
            /** @description Other names that requests may use. */
            aliases: string[];
            /** @description Name of the file that the code is put in. */
            fileName: string;
            /** @description A program that an editor opens with. */
            example: string;
            /** @description A program of several files, the main file first; empty when the language shows none. */
            multiFile: components["schemas"]["LanguageFileResponse"][];
            /** @description A worker can run it now. */
            ready: boolean;
            /** @description `ready`, `building` its image, built `on_demand` by the first run, or `unavailable`. */
            state: string;
            /** @description It has a stage before the program runs. */
            compiled: boolean;
            /** @description Syntax can be checked without running anything. */
            checkable: boolean;
            /** @description The most that a request may ask for. */
            limits: components["schemas"]["LanguageLimitsResponse"];
        };
        /** @description The languages. */
        LanguagesResponse: {
            languages: components["schemas"]["LanguageResponse"][];
        };
        LinkLoginRequest: {
            /** @description The page to come back to; the settings when it is left out. */
            returnUrl: null | string;
        };
        LinkLoginResponse: {
            /** @description Where to send the browser. */
            url: string;
        };
        LinkRequest: {
            /** @description From the address of the login page, or from the mail. */
            token: null | string;
            /** @description The account's password; not needed with the token from the mail. */
            password: null | string;
        };
        LogInRequest: {
            email: null | string;
            password: null | string;
            rememberMe: null | boolean;
        };
        LogLineResponse: {
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            timestamp: string;
            level: string;
            message: string;
        };
        /** @description Lines after the asked number; `lastSeq` and `total` speak of the whole log. */
        LogPageResponse: {
            lines: components["schemas"]["LogLineResponse"][];
            /** Format: int64 */
            lastSeq: number;
            /** Format: int64 */
            total: number;
        };
        LoginResponse: {
            /** @description `github` or `google`. */
            provider: string;
            /** @description What the provider calls the person. */
            name: null | string;
        };
        LoginsResponse: {
            logins: components["schemas"]["LoginResponse"][];
            hasPassword: boolean;
            /** @description False while this is the only way to sign in. */
            canUnlink: boolean;
        };
        MemberListResponse: {
            members: components["schemas"]["MemberResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
        };
        MemberResponse: {
            /** Format: uuid */
            userId: string;
            name: string;
            email: string;
            avatarUrl: null | string;
            role: components["schemas"]["OrganizationRole"];
            /** Format: date-time */
            joinedAt: string;
        };
        /** @description What happened, for people. */
        MessageResponse: {
            message: string;
        };
        NotificationListResponse: {
            notifications: components["schemas"]["NotificationResponse"][];
            /**
             * Format: int64
             * @description For the next page; null: this is the last one.
             */
            nextCursor: null | number;
            /**
             * Format: int32
             * @description How many are not read, of all.
             */
            unread: number;
        };
        NotificationResponse: {
            /** Format: uuid */
            id: string;
            /**
             * Format: int64
             * @description Its number, rising.
             */
            seq: number;
            /** @description `deployment.succeeded`, `deployment.failed`, `invitation.received`, `invitation.accepted`, `security`, `webhook.disabled`. */
            type: string;
            title: string;
            message: string;
            /** @description The page of the application that shows more, as a path. */
            link: null | string;
            /** @description Facts for programs, such as `deploymentId`. */
            data: {
                [key: string]: string;
            };
            read: boolean;
            /** Format: date-time */
            timestamp: string;
        };
        OnboardingChoicesResponse: {
            userTypes: string[];
            hostingOptions: string[];
            hostingTargets: string[];
        };
        OnboardingResponse: {
            userType: null | string;
            hostingOption: null | string;
            hostingTarget: null | string;
            /** @description Whether the GitHub App was installed by this account. */
            githubAppInstalled: boolean;
            /** @description Where to go for that; null: this installation has no GitHub App. */
            githubAppUrl: null | string;
            completed: boolean;
            /** @description `user_type`, `hosting_option`, `hosting_target`, `github_app`, or null when nothing is left to tell. */
            nextStep: null | string;
            choices: components["schemas"]["OnboardingChoicesResponse"];
        };
        OrganizationListResponse: {
            organizations: components["schemas"]["OrganizationResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
        };
        OrganizationResponse: {
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
            /** @description The caller's. */
            role: components["schemas"]["OrganizationRole"];
            /** Format: int32 */
            memberCount: number;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @description What a member may do, least first: each may do what the ones before it may.
         * @enum {unknown}
         */
        OrganizationRole: "viewer" | "developer" | "admin" | "owner";
        /** @enum {unknown} */
        OutputChecker: "trimmed" | "exact" | "tokens" | "float" | "unordered" | null;
        /** @description Where a page stands in its list. */
        PaginationResponse: {
            /** Format: int32 */
            currentPage: number;
            /** Format: int32 */
            totalPages: number;
            /** Format: int64 */
            totalItems: number;
        };
        PreferencesResponse: {
            /** @description `light`, `dark` or `system`. */
            theme: string;
            emailNotifications: boolean;
            deploymentSuccessNotifications: boolean;
            deploymentFailureNotifications: boolean;
        };
        ProductionResponse: {
            /** Format: uuid */
            deploymentId: string;
            /** Format: uuid */
            previousDeploymentId: null | string;
            pinned: boolean;
        };
        ProfileResponse: {
            /** Format: uuid */
            id: string;
            name: string;
            email: string;
            /** @description Whether the address was proven. */
            emailVerified: boolean;
            /** @description The new address that waits for its proof. */
            pendingEmail: null | string;
            avatarUrl: null | string;
            role: string;
            /** @description `developer`, `organization` or `company`; null: not told yet. */
            userType: null | string;
            /** @description `self_hosting` or `autostack_hosting`; null: not chosen yet. */
            hostingOption: null | string;
            /** @description `aws` or `github`, for those who host themselves. */
            hostingTarget: null | string;
            twoFactorEnabled: boolean;
            hasPassword: boolean;
            logins: components["schemas"]["LoginResponse"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ProjectItemResponse: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            owner: string;
            name: string;
            slug: string;
            repo: string;
            branch: string;
            url: string;
            /** Format: uuid */
            productionDeploymentId: null | string;
            /** @description The state of its newest deployment; null without one. */
            lastStatus: null | string;
            /** Format: date-time */
            lastDeploymentAt: null | string;
            /** Format: date-time */
            createdAt: string;
        };
        ProjectListResponse: {
            projects: components["schemas"]["ProjectItemResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
        };
        ProjectOwnerResponse: {
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
            /** Format: uuid */
            owner: string;
        };
        ProjectResponse: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            owner: string;
            name: string;
            slug: string;
            repository: string;
            repo: string;
            branch: string;
            rootDir: string;
            installCommand: null | string;
            buildCommand: null | string;
            outputDir: null | string;
            nodeVersion: null | string;
            submodules: boolean;
            autoDeploy: boolean;
            watchPaths: string[];
            url: string;
            /** Format: uuid */
            productionDeploymentId: null | string;
            productionPinned: boolean;
            site: components["schemas"]["SiteSettingsResponse"];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description Shows that it is the person and not just an open browser: one of the two. A session that began minutes ago serves an account without either. */
        ProofRequest: {
            /** @description The account's password. */
            password: null | string;
            /** @description Of the authenticator app, or a recovery code. */
            code: null | string;
        };
        ProviderResponse: {
            id: string;
            name: string;
            /** @description Where a browser begins to sign in with it. */
            url: string;
        };
        ProvidersResponse: {
            providers: components["schemas"]["ProviderResponse"][];
        };
        ReadNotificationsRequest: {
            /**
             * Format: int64
             * @description The number of the newest one that was seen: later ones stay unread. Left out: all.
             */
            upTo: null | number;
        };
        ReadNotificationsResponse: {
            /** Format: int32 */
            updated: number;
            /** Format: int32 */
            unread: number;
        };
        ReceivedDeliveryResponse: {
            delivery: string;
            status: string;
            /** @description The delivery had come before and was not processed again. */
            duplicate: boolean;
        };
        RecentDeploymentsResponse: {
            recentDeployments: components["schemas"]["DeploymentItemResponse"][];
        };
        RecoveryCodesResponse: {
            /** @description Shown this once; each is good once. */
            recoveryCodes: string[];
        };
        /** @description Start a deployment over. */
        RedeployRequest: {
            /** @description False: without what earlier builds left. */
            useCache?: null | boolean;
            /** @description The branch's latest commit with the project's settings of now; otherwise the same commit with the same settings. */
            latest?: null | boolean;
        };
        RefreshRequest: {
            /** @description For callers without cookies. */
            refreshToken: null | string;
        };
        RepositoryListResponse: {
            repositories: components["schemas"]["RepositoryResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
        };
        RepositoryResponse: {
            /** Format: int64 */
            id: number;
            owner: string;
            name: string;
            fullName: string;
            private: boolean;
            fork: boolean;
            archived: boolean;
            defaultBranch: string;
            description: null | string;
            language: null | string;
            /** Format: date-time */
            pushedAt: null | string;
        };
        ResetPasswordRequest: {
            token: null | string;
            password: null | string;
        };
        RollbackRequest: {
            /**
             * Format: uuid
             * @description Where to go back to; without it to the one before the current.
             */
            deploymentId?: null | string;
            /**
             * Format: uuid
             * @description What production is thought to be: when it is something else by now, nothing happens.
             */
            from?: null | string;
        };
        RunSnippetRequest: {
            /** @description Instead of the saved one. */
            stdin?: null | string;
            /** @description Instead of the saved ones. */
            args?: null | string[];
        };
        /**
         * @description Verdicts; when several hold, the first in this order is the one.
         * @enum {unknown}
         */
        RunVerdict: "internal_error" | "compile_error" | "memory_limit" | "output_limit" | "time_limit" | "idle_limit" | "signalled" | "runtime_error" | "wrong_answer" | "ok" | "cancelled";
        SampleListResponse: {
            samples: components["schemas"]["SampleResponse"][];
        };
        SampleResponse: {
            name: string;
            title: string;
            description: string;
        };
        /** @description The password was right; the account asks for a second factor. */
        SecondFactorResponse: {
            /** @description Always true: tells this answer from a session. */
            twoFactorRequired: boolean;
            /** @description To be presented with the second factor. */
            twoFactorToken: string;
            /**
             * Format: int32
             * @description Seconds until the token ends.
             */
            expiresIn: number;
            /** @description `totp`, `recovery_code`. */
            methods: string[];
        };
        SessionListResponse: {
            sessions: components["schemas"]["DeviceSessionResponse"][];
        };
        SessionResponse: {
            user: components["schemas"]["UserResponse"];
            csrfToken: string;
            /**
             * Format: date-time
             * @description When the access token ends.
             */
            expiresAt: string;
        };
        SessionsEndedResponse: {
            /**
             * Format: int32
             * @description How many devices were signed out.
             */
            ended: number;
        };
        SignUpRequest: {
            name: null | string;
            email: null | string;
            password: null | string;
        };
        SigningKeyListResponse: {
            keys: components["schemas"]["SigningKeyResponse"][];
        };
        SigningKeyResponse: {
            /** @description The `kid` of the tokens that it signs. */
            id: string;
            /**
             * Format: date-time
             * @description When it begins, or began, to sign.
             */
            activatesAt: string;
        };
        /** @description How the site is served and kept. What is null is the installation's default. */
        SiteSettingsRequest: {
            /** @description `off`, `previews` or `all`: which addresses ask for the password. */
            protection: null | string;
            /** @description A new password; without it the old one stays. It is never shown. */
            password?: null | string;
            /** @description Unknown paths answer with the first page; null: as detected. */
            spaFallback?: null | boolean;
            /**
             * Format: int32
             * @description Deployments that keep their files.
             */
            keepDeployments?: null | number;
            /**
             * Format: int64
             * @description Bytes that they may have together.
             */
            keepBytes?: null | number;
            /**
             * Format: int32
             * @description Hours for which replaced hashed assets stay reachable.
             */
            assetHours?: null | number;
        };
        SiteSettingsResponse: {
            protection: string;
            hasPassword: boolean;
            spaFallback: null | boolean;
            /** Format: int32 */
            keepDeployments: null | number;
            /** Format: int64 */
            keepBytes: null | number;
            /** Format: int32 */
            assetHours: null | number;
        };
        SnippetAuthorResponse: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description All snippets of an owner, in the form that an import takes. */
        SnippetExportResponse: {
            /** Format: date-time */
            exportedAt: string;
            snippets: components["schemas"]["CreateSnippetRequest"][];
        };
        SnippetFileRequest: {
            name: null | string;
            content: null | string;
        };
        SnippetFileResponse: {
            name: string;
            content: string;
        };
        /** @description A snippet in a list. */
        SnippetItemResponse: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            owner: string;
            author: null | components["schemas"]["SnippetAuthorResponse"];
            title: string;
            description: string;
            language: string;
            tags: string[];
            visibility: components["schemas"]["SnippetVisibility"];
            /** @description The first lines of the main file. */
            preview: string;
            /** Format: int32 */
            fileCount: number;
            /** Format: int64 */
            version: number;
            /** Format: int64 */
            stars: number;
            /** Format: int64 */
            forks: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        SnippetListResponse: {
            snippets: components["schemas"]["SnippetItemResponse"][];
            pagination: components["schemas"]["PaginationResponse"];
            /** @description For `cursor`; null at the end. */
            next: null | string;
        };
        /** @description A snippet with all its files. */
        SnippetResponse: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            owner: string;
            author: null | components["schemas"]["SnippetAuthorResponse"];
            title: string;
            description: string;
            language: string;
            /** @description The main file's content. */
            code: string;
            files: components["schemas"]["SnippetFileResponse"][];
            tags: string[];
            visibility: components["schemas"]["SnippetVisibility"];
            stdin: string;
            args: string[];
            /**
             * Format: int64
             * @description For changes.
             */
            version: number;
            /** Format: uuid */
            forkedFrom: null | string;
            /** Format: int64 */
            stars: number;
            /** Format: int64 */
            forks: number;
            /** @description The caller marked it. */
            starred: boolean;
            canWrite: boolean;
            /** @description The page for whoever has the link; null while it is private. */
            shareUrl: null | string;
            /** @description For an `iframe`; null while it is private. */
            embedUrl: null | string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        SnippetRevisionItemResponse: {
            /** Format: int64 */
            version: number;
            title: string;
            language: string;
            /** Format: date-time */
            savedAt: string;
            current: boolean;
        };
        SnippetRevisionListResponse: {
            revisions: components["schemas"]["SnippetRevisionItemResponse"][];
        };
        SnippetRevisionResponse: {
            /** Format: int64 */
            version: number;
            title: string;
            language: string;
            files: components["schemas"]["SnippetFileResponse"][];
            /** Format: date-time */
            savedAt: string;
            current: boolean;
        };
        SnippetStarsResponse: {
            /** Format: int64 */
            stars: number;
            starred: boolean;
        };
        /**
         * @description Who can see a snippet.
         * @enum {unknown}
         */
        SnippetVisibility: "private" | "unlisted" | "public";
        /** @description How the program did with one input. */
        TestResponse: {
            /** Format: int32 */
            index: number;
            name: null | string;
            status: null | components["schemas"]["RunVerdict"];
            /** @description What the program printed; of a run with tests that of the first one that is not ok, or of the last. */
            stdout: string;
            /** @description `utf8`, or `base64` for output that is no UTF-8. */
            stdoutEncoding: string;
            /** @description Errors that the program printed; those of the compiler when it refused the program. */
            stderr: string;
            /** @description `utf8`, or `base64` for output that is no UTF-8. */
            stderrEncoding: string;
            /**
             * Format: int32
             * @description Null when a signal ended the program.
             */
            exitCode: null | number;
            /** @description Name of the signal that ended the program, or null. */
            signal: null | string;
            /**
             * Format: double
             * @description Milliseconds from start to end of the program; of a run with tests those of the longest.
             */
            timeMs: number;
            /**
             * Format: double
             * @description Milliseconds of CPU time of all its processes; of a run with tests those of the longest.
             */
            cpuTimeMs: number;
            /**
             * Format: int64
             * @description Most memory the sandbox used, in KiB.
             */
            memoryKb: number;
            /** @description Which of the outputs were cut off. */
            truncated: components["schemas"]["TruncatedResponse"];
            /** @description One sentence about the verdict, or null. */
            message: null | string;
        };
        TrafficHourResponse: {
            /** Format: date-time */
            hour: string;
            /** Format: int64 */
            requests: number;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            status2xx: number;
            /** Format: int64 */
            status3xx: number;
            /** Format: int64 */
            status4xx: number;
            /** Format: int64 */
            status5xx: number;
        };
        TrafficPathResponse: {
            path: string;
            /** Format: int64 */
            requests: number;
        };
        TrafficResponse: {
            total: components["schemas"]["TrafficTotalsResponse"];
            hours: components["schemas"]["TrafficHourResponse"][];
            topPaths: components["schemas"]["TrafficPathResponse"][];
        };
        TrafficTotalsResponse: {
            /** Format: int64 */
            requests: number;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            status2xx: number;
            /** Format: int64 */
            status3xx: number;
            /** Format: int64 */
            status4xx: number;
            /** Format: int64 */
            status5xx: number;
        };
        TransferOrganizationRequest: {
            /**
             * Format: uuid
             * @description The member who becomes an owner; the caller becomes an admin.
             */
            userId: null | string;
        };
        TransferProjectRequest: {
            /**
             * Format: uuid
             * @description An organisation of the caller, or the caller.
             */
            owner: null | string;
        };
        /** @description Outputs that were longer than their limit; what was within it is there. */
        TruncatedResponse: {
            stdout: boolean;
            stderr: boolean;
        };
        TwoFactorSetupResponse: {
            /** @description To type in where no picture can be taken. */
            secret: string;
            /** @description What the picture says. */
            otpauthUri: string;
            /** @description The picture: an SVG document. */
            qrCode: string;
        };
        TwoFactorStatusResponse: {
            enabled: boolean;
            /** Format: date-time */
            enabledAt: null | string;
            /** Format: int32 */
            recoveryCodesLeft: number;
        };
        UndoEmailRequest: {
            token: null | string;
        };
        UnreadResponse: {
            /** Format: int32 */
            unread: number;
        };
        /** @description Replaces the variables of each environment that is given; one that is left out stays. */
        UpdateEnvironmentRequest: {
            production: null | components["schemas"]["VariableRequest"][];
            preview: null | components["schemas"]["VariableRequest"][];
        };
        /** @description One step or several; what is left out stays as it is. */
        UpdateOnboardingRequest: {
            userType: null | string;
            hostingOption: null | string;
            hostingTarget: null | string;
        };
        /** @description Null leaves a field as it is. */
        UpdateOrganizationRequest: {
            name?: null | string;
            slug?: null | string;
        };
        /** @description What is left out stays as it is. */
        UpdatePreferencesRequest: {
            theme: null | string;
            emailNotifications: null | boolean;
            deploymentSuccessNotifications: null | boolean;
            deploymentFailureNotifications: null | boolean;
        };
        UpdateProfileRequest: {
            name: null | string;
            /** @description May be sent along unchanged; it is changed by its own route. */
            email: null | string;
        };
        /**
         * @description All settings of a project. Commands, directories and the Node version that are left out are detected from now on; switches, watch paths and
         *     settings of the site that are left out stay.
         */
        UpdateProjectRequest: {
            site?: null | components["schemas"]["SiteSettingsRequest"];
            /** @description Shown to people; a new project without it is called as its repository. */
            name?: null | string;
            /** @description As in a new deployment. */
            repository?: null | string;
            /** @description The branch that production is built from. */
            branch?: null | string;
            /** @description Directory of the project in the repository. */
            rootDir?: null | string;
            /** @description Fetches dependencies. */
            installCommand?: null | string;
            /** @description Makes the output. */
            buildCommand?: null | string;
            /** @description Directory of the output, relative to the root directory. */
            outputDir?: null | string;
            /** @description Node version of builds, such as `22`; without it what the repository says. */
            nodeVersion?: null | string;
            /** @description Check out submodules, too. */
            submodules?: null | boolean;
            /** @description A push deploys. */
            autoDeploy?: null | boolean;
            /** @description Globs; only a push that touches one of them deploys. */
            watchPaths?: null | string[];
        };
        /** @description Changes; what is left out stays as it is. */
        UpdateSnippetRequest: {
            /**
             * Format: int64
             * @description The version that was read; another one in the store means that somebody else was faster (409).
             */
            version: null | number;
            title?: null | string;
            language?: null | string;
            code?: null | string;
            files?: null | components["schemas"]["SnippetFileRequest"][];
            description?: null | string;
            tags?: null | string[];
            visibility?: null | components["schemas"]["SnippetVisibility"];
            stdin?: null | string;
            args?: null | string[];
        };
        UpdateWebhookRequest: {
            url: null | string;
            events: null | string[];
            /** @description Switching it on again forgets how long it has failed. */
            enabled: null | boolean;
        };
        UserResponse: {
            /** Format: uuid */
            id: string;
            name: string;
            email: string;
            avatarUrl: null | string;
            emailVerified: boolean;
            /** @description `user` or `admin`. */
            role: string;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description A program whose syntax is to be checked; nothing of it is run. */
        ValidateCodeRequest: {
            /** @description Id or alias of a language. */
            language: null | string;
            /** @description The program, when it is one file. */
            code?: null | string;
            /** @description The program, when it is several files; the first one is the main file. */
            files?: null | components["schemas"]["ExecuteFileRequest"][];
        };
        /** @description What the language's tools think of a program. */
        ValidateCodeResponse: {
            /** @description There are no errors. */
            valid: boolean;
            /** @description The verdict on the check itself: `ok`, `compile_error`, or why it came to no end. */
            status: components["schemas"]["RunVerdict"];
            /** @description Errors and warnings with their places, in the order of the tools. */
            diagnostics: components["schemas"]["DiagnosticResponse"][];
            /** @description All that the tools said. */
            output: string;
            /** @description `utf8`, or `base64` for output that is no UTF-8. */
            outputEncoding: string;
            /** @description The output was cut off. */
            truncated: boolean;
            /** @description One sentence about the verdict, or null. */
            message: null | string;
        };
        VariableRequest: {
            /** @description Letters, digits and underscores. */
            name: null | string;
            /** @description Without it the value stays as it is. */
            value?: null | string;
            /** @description The value is never shown again; so it is when nothing is said. A secret becomes public only with a new value. */
            secret?: null | boolean;
        };
        VariableResponse: {
            name: string;
            /** @description Null for a secret. */
            value: null | string;
            secret: boolean;
        };
        /** @description Either the link's token, or the code with the address it was mailed to. */
        VerifyEmailRequest: {
            token: null | string;
            email: null | string;
            code: null | string;
        };
        VerifyTwoFactorRequest: {
            /** @description From the first step. */
            twoFactorToken: null | string;
            /** @description Of the authenticator app, or a recovery code. */
            code: null | string;
        };
        WebhookDeliveryListResponse: {
            deliveries: components["schemas"]["WebhookDeliveryResponse"][];
            nextCursor: null | string;
        };
        WebhookDeliveryResponse: {
            /** Format: uuid */
            id: string;
            event: string;
            /** @description `pending`, `delivered` or `failed`. */
            state: string;
            /** Format: int32 */
            attempts: number;
            /**
             * Format: int32
             * @description The status of the last answer.
             */
            responseStatus: null | number;
            /**
             * Format: int32
             * @description How long the last attempt took.
             */
            durationMs: null | number;
            error: null | string;
            /** @description The body that was signed. */
            payload: string;
            /**
             * Format: uuid
             * @description The delivery that this one repeats.
             */
            redeliveryOf: null | string;
            /** Format: date-time */
            nextAttemptAt: null | string;
            /** Format: date-time */
            completedAt: null | string;
            /** Format: date-time */
            timestamp: string;
        };
        WebhookListResponse: {
            webhooks: components["schemas"]["WebhookResponse"][];
        };
        WebhookResponse: {
            /** Format: uuid */
            id: string;
            url: string;
            events: string[];
            allProjects: boolean;
            enabled: boolean;
            /**
             * Format: date-time
             * @description The first failure since the last success.
             */
            failingSince: null | string;
            /**
             * Format: date-time
             * @description When it was switched off because it had failed for so long.
             */
            disabledAt: null | string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        WebhookSecretResponse: {
            /** @description The key of the signature; not shown again. */
            secret: string;
            webhook: components["schemas"]["WebhookResponse"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
