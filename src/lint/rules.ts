import type { Rule } from './rule.ts';
import { addInsteadOfCopy } from './rules/add-instead-of-copy.ts';
import { addUrlWithoutChecksum } from './rules/add-url-without-checksum.ts';
import { apkNoCache } from './rules/apk-no-cache.ts';
import { aptGetNotApt } from './rules/apt-get-not-apt.ts';
import { aptInstallWithoutUpdate } from './rules/apt-install-without-update.ts';
import { aptKey } from './rules/apt-key.ts';
import { aptListsLeft } from './rules/apt-lists-left.ts';
import { aptNoRecommends } from './rules/apt-no-recommends.ts';
import { aptUpdateAlone } from './rules/apt-update-alone.ts';
import { archiveCopiedThenUnpacked } from './rules/archive-copied-then-unpacked.ts';
import { baseEndOfLife } from './rules/base-end-of-life.ts';
import { binariesInContext } from './rules/binaries-in-context.ts';
import { buildOutputInContext } from './rules/build-output-in-context.ts';
import { buildToolsShipped } from './rules/build-tools-shipped.ts';
import { cacheRemovedLater } from './rules/cache-removed-later.ts';
import { cdInsteadOfWorkdir } from './rules/cd-instead-of-workdir.ts';
import { cdWithoutEffect } from './rules/cd-without-effect.ts';
import { chmod777 } from './rules/chmod-777.ts';
import { cmdIgnored } from './rules/cmd-ignored.ts';
import { consecutiveInstalls } from './rules/consecutive-installs.ts';
import { consecutiveRuns } from './rules/consecutive-runs.ts';
import { copiedThenChanged } from './rules/copied-then-changed.ts';
import { copyEverything } from './rules/copy-everything.ts';
import { copyFromUnknownStage } from './rules/copy-from-unknown-stage.ts';
import { copyLargeFile } from './rules/copy-large-file.ts';
import { copySeveralNeedsSlash } from './rules/copy-several-needs-slash.ts';
import { copySourceMissing } from './rules/copy-source-missing.ts';
import { copyToRelativePath } from './rules/copy-to-relative-path.ts';
import { copyWildcardNeedsSlash } from './rules/copy-wildcard-needs-slash.ts';
import { credentialsInUrl } from './rules/credentials-in-url.ts';
import { curlAndWget } from './rules/curl-and-wget.ts';
import { curlWithoutFail } from './rules/curl-without-fail.ts';
import { debianFrontendInImage } from './rules/debian-frontend-in-image.ts';
import { debugBaseShipped } from './rules/debug-base-shipped.ts';
import { debugEnvironment } from './rules/debug-environment.ts';
import { debuggerShipped } from './rules/debugger-shipped.ts';
import { deletedInLaterLayer } from './rules/deleted-in-later-layer.ts';
import { dependenciesAfterSources } from './rules/dependencies-after-sources.ts';
import { dnfCacheLeft } from './rules/dnf-cache-left.ts';
import { dockerignoreMissing } from './rules/dockerignore-missing.ts';
import { dockerignoreNotRecursive } from './rules/dockerignore-not-recursive.ts';
import { dockerignorePatternUnused } from './rules/dockerignore-pattern-unused.ts';
import { dockerignoreSyntax } from './rules/dockerignore-syntax.ts';
import { downloadOverHttp } from './rules/download-over-http.ts';
import { downloadWithoutChecksum } from './rules/download-without-checksum.ts';
import { editorFilesInContext } from './rules/editor-files-in-context.ts';
import { entrypointNotInImage } from './rules/entrypoint-not-in-image.ts';
import { envPathReplaced } from './rules/env-path-replaced.ts';
import { envRefersToSibling } from './rules/env-refers-to-sibling.ts';
import { execFormNeedsShell } from './rules/exec-form-needs-shell.ts';
import { execFormOneWord } from './rules/exec-form-one-word.ts';
import { execFormQuotes } from './rules/exec-form-quotes.ts';
import { exportWithoutEffect } from './rules/export-without-effect.ts';
import { exposeDebugPort } from './rules/expose-debug-port.ts';
import { exposeOtherPort } from './rules/expose-other-port.ts';
import { exposeSsh } from './rules/expose-ssh.ts';
import { failureIgnored } from './rules/failure-ignored.ts';
import { gemDocuments } from './rules/gem-documents.ts';
import { gemVersion } from './rules/gem-version.ts';
import { gitCloneUnpinned } from './rules/git-clone-unpinned.ts';
import { gitDirectoryInContext } from './rules/git-directory-in-context.ts';
import { globalArgUnused } from './rules/global-arg-unused.ts';
import { goArchFixed } from './rules/go-arch-fixed.ts';
import { goCgoDisabled } from './rules/go-cgo-disabled.ts';
import { goChecksumsOff } from './rules/go-checksums-off.ts';
import { goDebugBuild } from './rules/go-debug-build.ts';
import { goDownloadDespiteVendor } from './rules/go-download-despite-vendor.ts';
import { goDownloadWithSources } from './rules/go-download-with-sources.ts';
import { goDynamicInStaticBase } from './rules/go-dynamic-in-static-base.ts';
import { goEmbedMissing } from './rules/go-embed-missing.ts';
import { goGenerateInBuild } from './rules/go-generate-in-build.ts';
import { goGetInBuild } from './rules/go-get-in-build.ts';
import { goInstallLatest } from './rules/go-install-latest.ts';
import { goInstallSuffix } from './rules/go-install-suffix.ts';
import { goLibcMismatch } from './rules/go-libc-mismatch.ts';
import { goModMod } from './rules/go-mod-mod.ts';
import { goModTidyInBuild } from './rules/go-mod-tidy-in-build.ts';
import { goModuleMode } from './rules/go-module-mode.ts';
import { goNativeForForeign } from './rules/go-native-for-foreign.ts';
import { goNoBuildPlatform } from './rules/go-no-build-platform.ts';
import { goNoCacheMount } from './rules/go-no-cache-mount.ts';
import { goNoTrimpath } from './rules/go-no-trimpath.ts';
import { goOutputGuessed } from './rules/go-output-guessed.ts';
import { goOutputNotCopied } from './rules/go-output-not-copied.ts';
import { goPrivateCredentials } from './rules/go-private-credentials.ts';
import { goProxyDirect } from './rules/go-proxy-direct.ts';
import { goRebuildAll } from './rules/go-rebuild-all.ts';
import { goReplaceOutsideContext } from './rules/go-replace-outside-context.ts';
import { goRunAtStart } from './rules/go-run-at-start.ts';
import { goSourcesBeforeDownload } from './rules/go-sources-before-download.ts';
import { goSumNotCopied } from './rules/go-sum-not-copied.ts';
import { goSymbolsKept } from './rules/go-symbols-kept.ts';
import { goToolchainShipped } from './rules/go-toolchain-shipped.ts';
import { goToolchainTooOld } from './rules/go-toolchain-too-old.ts';
import { healthcheckMissing } from './rules/healthcheck-missing.ts';
import { healthcheckProgramMissing } from './rules/healthcheck-program-missing.ts';
import { healthcheckTiming } from './rules/healthcheck-timing.ts';
import { heredocWithoutSetE } from './rules/heredoc-without-set-e.ts';
import { ignoreWithoutReason } from './rules/ignore-without-reason.ts';
import { imageLatest } from './rules/image-latest.ts';
import { imageWithoutDigest } from './rules/image-without-digest.ts';
import { imageWithoutTag } from './rules/image-without-tag.ts';
import { installAsks } from './rules/install-asks.ts';
import { labelEmpty } from './rules/label-empty.ts';
import { labelKey } from './rules/label-key.ts';
import { labelSchema } from './rules/label-schema.ts';
import { loginLeftInLayer } from './rules/login-left-in-layer.ts';
import { missingCaCertificates } from './rules/missing-ca-certificates.ts';
import { missingTimeZones } from './rules/missing-time-zones.ts';
import { mkdirBeforeWorkdir } from './rules/mkdir-before-workdir.ts';
import { nodeModulesInContext } from './rules/node-modules-in-context.ts';
import { npmCacheLeft } from './rules/npm-cache-left.ts';
import { npmCi } from './rules/npm-ci.ts';
import { npmVersion } from './rules/npm-version.ts';
import { ociLabelUnknown } from './rules/oci-label-unknown.ts';
import { ociLabelValue } from './rules/oci-label-value.ts';
import { onbuildTrigger } from './rules/onbuild-trigger.ts';
import { openedFileMissing } from './rules/opened-file-missing.ts';
import { packagesNotVerified } from './rules/packages-not-verified.ts';
import { passwordInRun } from './rules/password-in-run.ts';
import { pipNoCache } from './rules/pip-no-cache.ts';
import { pipVersion } from './rules/pip-version.ts';
import { pipeToShell } from './rules/pipe-to-shell.ts';
import { pipeWithoutPipefail } from './rules/pipe-without-pipefail.ts';
import { platformArgUndeclared } from './rules/platform-arg-undeclared.ts';
import { registryNotAllowed } from './rules/registry-not-allowed.ts';
import { requiredLabel } from './rules/required-label.ts';
import { runAsRoot } from './rules/run-as-root.ts';
import { secretArgInRun } from './rules/secret-arg-in-run.ts';
import { secretFileCopied } from './rules/secret-file-copied.ts';
import { secretInArg } from './rules/secret-in-arg.ts';
import { secretInCommand } from './rules/secret-in-command.ts';
import { secretInCopiedFile } from './rules/secret-in-copied-file.ts';
import { secretInDocument } from './rules/secret-in-document.ts';
import { secretInEnv } from './rules/secret-in-env.ts';
import { secretInLabel } from './rules/secret-in-label.ts';
import { secretMountCopied } from './rules/secret-mount-copied.ts';
import { serviceStartedInRun } from './rules/service-started-in-run.ts';
import { severalProcesses } from './rules/several-processes.ts';
import { shellBySymlink } from './rules/shell-by-symlink.ts';
import { shellFormWithoutShell } from './rules/shell-form-without-shell.ts';
import { sourcesShipped } from './rules/sources-shipped.ts';
import { sshKeyCopied } from './rules/ssh-key-copied.ts';
import { startWithoutExec } from './rules/start-without-exec.ts';
import { stopSignalNotHandled } from './rules/stop-signal-not-handled.ts';
import { sudoInRun } from './rules/sudo-in-run.ts';
import { systemPackageVersions } from './rules/system-package-versions.ts';
import { systemUpgrade } from './rules/system-upgrade.ts';
import { testDataInContext } from './rules/test-data-in-context.ts';
import { tlsNotVerified } from './rules/tls-not-verified.ts';
import { unusedStage } from './rules/unused-stage.ts';
import { uselessCommand } from './rules/useless-command.ts';
import { userBeforeRootStep } from './rules/user-before-root-step.ts';
import { userNotInPasswd } from './rules/user-not-in-passwd.ts';
import { userNotNumeric } from './rules/user-not-numeric.ts';
import { useraddLargeUid } from './rules/useradd-large-uid.ts';
import { vendorUnused } from './rules/vendor-unused.ts';
import { versionArgUnset } from './rules/version-arg-unset.ts';
import { wgetProgress } from './rules/wget-progress.ts';
import { writeAfterVolume } from './rules/write-after-volume.ts';
import { yarnCacheLeft } from './rules/yarn-cache-left.ts';
import { zypperCacheLeft } from './rules/zypper-cache-left.ts';

/** Every rule, by family and name. Documentation, configuration and completion follow this table. */
export const RULES: readonly Rule[] = [
  // Go
  goArchFixed,
  goCgoDisabled,
  goChecksumsOff,
  goDebugBuild,
  goDownloadDespiteVendor,
  goDownloadWithSources,
  goDynamicInStaticBase,
  goEmbedMissing,
  goGenerateInBuild,
  goGetInBuild,
  goInstallLatest,
  goInstallSuffix,
  goModMod,
  goModTidyInBuild,
  goModuleMode,
  goNativeForForeign,
  goNoBuildPlatform,
  goNoCacheMount,
  goNoTrimpath,
  goOutputGuessed,
  goOutputNotCopied,
  goPrivateCredentials,
  goProxyDirect,
  goRebuildAll,
  goReplaceOutsideContext,
  goRunAtStart,
  goSourcesBeforeDownload,
  goSumNotCopied,
  goSymbolsKept,
  goToolchainTooOld,
  platformArgUndeclared,
  // Production
  buildToolsShipped,
  debugBaseShipped,
  debugEnvironment,
  debuggerShipped,
  entrypointNotInImage,
  exposeDebugPort,
  exposeOtherPort,
  goLibcMismatch,
  goToolchainShipped,
  healthcheckMissing,
  healthcheckProgramMissing,
  healthcheckTiming,
  missingCaCertificates,
  missingTimeZones,
  openedFileMissing,
  runAsRoot,
  severalProcesses,
  shellFormWithoutShell,
  sourcesShipped,
  startWithoutExec,
  stopSignalNotHandled,
  userBeforeRootStep,
  userNotInPasswd,
  userNotNumeric,
  // Build context
  binariesInContext,
  buildOutputInContext,
  copyEverything,
  copyLargeFile,
  copySourceMissing,
  dockerignoreMissing,
  dockerignoreNotRecursive,
  dockerignorePatternUnused,
  dockerignoreSyntax,
  editorFilesInContext,
  gitDirectoryInContext,
  nodeModulesInContext,
  testDataInContext,
  vendorUnused,
  // Secrets
  credentialsInUrl,
  loginLeftInLayer,
  passwordInRun,
  secretArgInRun,
  secretFileCopied,
  secretInArg,
  secretInCommand,
  secretInCopiedFile,
  secretInDocument,
  secretInEnv,
  secretInLabel,
  secretMountCopied,
  sshKeyCopied,
  // General practice
  addInsteadOfCopy,
  addUrlWithoutChecksum,
  apkNoCache,
  aptGetNotApt,
  aptInstallWithoutUpdate,
  aptKey,
  aptListsLeft,
  aptNoRecommends,
  aptUpdateAlone,
  archiveCopiedThenUnpacked,
  baseEndOfLife,
  cacheRemovedLater,
  cdInsteadOfWorkdir,
  cdWithoutEffect,
  chmod777,
  cmdIgnored,
  consecutiveInstalls,
  consecutiveRuns,
  copiedThenChanged,
  copyFromUnknownStage,
  copySeveralNeedsSlash,
  copyToRelativePath,
  copyWildcardNeedsSlash,
  curlAndWget,
  curlWithoutFail,
  debianFrontendInImage,
  deletedInLaterLayer,
  dependenciesAfterSources,
  dnfCacheLeft,
  downloadOverHttp,
  downloadWithoutChecksum,
  envPathReplaced,
  envRefersToSibling,
  execFormNeedsShell,
  execFormOneWord,
  execFormQuotes,
  exportWithoutEffect,
  exposeSsh,
  failureIgnored,
  gemDocuments,
  gemVersion,
  gitCloneUnpinned,
  globalArgUnused,
  heredocWithoutSetE,
  ignoreWithoutReason,
  imageLatest,
  imageWithoutDigest,
  imageWithoutTag,
  installAsks,
  labelEmpty,
  labelKey,
  labelSchema,
  mkdirBeforeWorkdir,
  npmCacheLeft,
  npmCi,
  npmVersion,
  ociLabelUnknown,
  ociLabelValue,
  onbuildTrigger,
  packagesNotVerified,
  pipNoCache,
  pipVersion,
  pipeToShell,
  pipeWithoutPipefail,
  registryNotAllowed,
  requiredLabel,
  serviceStartedInRun,
  shellBySymlink,
  sudoInRun,
  systemPackageVersions,
  systemUpgrade,
  tlsNotVerified,
  unusedStage,
  uselessCommand,
  useraddLargeUid,
  versionArgUnset,
  wgetProgress,
  writeAfterVolume,
  yarnCacheLeft,
  zypperCacheLeft,
];
